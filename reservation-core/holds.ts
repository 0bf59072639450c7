/** What becomes of holds: sold, released, given more time, expired. All by (drop, region), in batches that the caller bounds. */
import { LIMITS } from '../contracts/limits.ts';
import { type StockConfirmReply, stockConfirm } from './generated/stock-confirm.ts';
import { type StockExpireReply, stockExpire } from './generated/stock-expire.ts';
import { type StockExtendReply, type StockExtendRow, stockExtend } from './generated/stock-extend.ts';
import { type StockReleaseReply, stockRelease } from './generated/stock-release.ts';
import type { Keys } from './keys.ts';
import { requireRegion, type Shards } from './shards.ts';

export type ReleaseReason = 'declined' | 'cancelled';

export interface Holds {
  confirm(dropId: string, region: string, claimIds: readonly string[]): Promise<StockConfirmReply[]>;
  release(
    dropId: string,
    region: string,
    claimIds: readonly string[],
    reason: ReleaseReason,
  ): Promise<StockReleaseReply[]>;
  extend(dropId: string, region: string, rows: readonly StockExtendRow[]): Promise<StockExtendReply[]>;
  /** Looks at LIMITS.expireBatch holds that are due at `nowMs`, and ends those whose time is over. */
  expire(dropId: string, region: string, nowMs: number): Promise<StockExpireReply>;
}

export function createHolds(options: { shards: Shards; keys: Keys }): Holds {
  const { shards, keys } = options;
  const at = (dropId: string, region: string) => {
    const { scripts } = requireRegion(shards, region);
    return { scripts, keys: keys.stock(dropId, region) };
  };
  const rowsOf = (claimIds: readonly string[]) => claimIds.map((claimId) => ({ claimId }));
  return {
    async confirm(dropId, region, claimIds) {
      const shard = at(dropId, region);
      return await stockConfirm(shard.scripts, shard.keys, rowsOf(claimIds));
    },
    async release(dropId, region, claimIds, reason) {
      const shard = at(dropId, region);
      return await stockRelease(shard.scripts, shard.keys, { reason }, rowsOf(claimIds));
    },
    async extend(dropId, region, rows) {
      const shard = at(dropId, region);
      return await stockExtend(shard.scripts, shard.keys, rows);
    },
    async expire(dropId, region, nowMs) {
      const shard = at(dropId, region);
      return await stockExpire(shard.scripts, shard.keys, { nowMs, most: LIMITS.expireBatch });
    },
  };
}
