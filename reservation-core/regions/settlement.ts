/**
 * Keeps journals short. A transfer that has arrived is let go in two steps that each can be done again: the sender notes up
 * to which id nothing can leave for that receiver any more, then the receiver takes everything up to it for arrived.
 * In this order, whatever comes late is answered as before, however the ids of different leaders are ordered.
 */
import { LIMITS } from '../../contracts/limits.ts';
import { stockTransferForget } from '../generated/stock-transfer-forget.ts';
import { stockTransferSettle } from '../generated/stock-transfer-settle.ts';
import type { Keys } from '../keys.ts';
import { requireRegion, type Shards } from '../shards.ts';
import type { Journal } from './journal.ts';
import { isInOrder } from './transfer-id.ts';

export interface Settlement {
  readonly fromRegion: string;
  readonly toRegion: string;
  readonly upToId: string;
}

export interface Settlements {
  /** The sender's side. False where something below the id is still open: then nothing was done. */
  settle(dropId: string, settlement: Settlement): Promise<boolean>;
  /** The receiver's side, once the sender's is done. */
  forget(dropId: string, settlement: Settlement): Promise<void>;
}

export function createSettlements({ shards, keys }: { shards: Shards; keys: Keys }): Settlements {
  return {
    async settle(dropId, { fromRegion, toRegion, upToId }) {
      const { scripts } = requireRegion(shards, fromRegion);
      const at = { journal: keys.stock(dropId, fromRegion).journal };
      return (await stockTransferSettle(scripts, at, { toRegion, upToId })).reply === 'SETTLED';
    },
    async forget(dropId, { fromRegion, toRegion, upToId }) {
      const { scripts } = requireRegion(shards, toRegion);
      const at = { journal: keys.stock(dropId, toRegion).journal };
      await stockTransferForget(scripts, at, { fromRegion, upToId });
    },
  };
}

type Journals = ReadonlyMap<string, Journal>;

/** What long journals can let go, of both regions of each pair. */
export function settlementsOf(journals: Journals, kept: number = LIMITS.transfersKept): Settlement[] {
  const isLong = (region: string): boolean => (journals.get(region)?.entries ?? 0) > kept;
  return [...journals].flatMap(([fromRegion, { done, open }]) =>
    [...done].flatMap(([toRegion, ids]) => {
      if (!isLong(fromRegion) && !isLong(toRegion)) return [];
      const openIds = open.filter((transfer) => transfer.toRegion === toRegion).map(({ transferId }) => transferId);
      const upToId = newestBelow(ids, openIds);
      return upToId === undefined ? [] : [{ fromRegion, toRegion, upToId }];
    }),
  );
}

/** Where a sender's mark is ahead of its receiver's: whoever settled did not come to the second step. */
export function unforgotten(journals: Journals): Settlement[] {
  return [...journals].flatMap(([fromRegion, { marks }]) =>
    [...marks.out].flatMap(([toRegion, upToId]) => {
      const receiver = journals.get(toRegion);
      if (receiver === undefined || (receiver.marks.in.get(fromRegion) ?? '') >= upToId) return [];
      return [{ fromRegion, toRegion, upToId }];
    }),
  );
}

function newestBelow(ids: readonly string[], openIds: readonly string[]): string | undefined {
  const oldestOpen = openIds.toSorted()[0];
  return ids
    .filter((id) => isInOrder(id) && (oldestOpen === undefined || id < oldestOpen))
    .toSorted()
    .at(-1);
}
