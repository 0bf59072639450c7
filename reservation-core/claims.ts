/** Claims of one process, batched by (drop, region). */
import { LIMITS } from '../contracts/limits.ts';
import type { Clock } from '../platform/clock.ts';
import { type Batched, type Batcher, createBatcher } from './batcher.ts';
import { createBatcherPool } from './batcher-pool.ts';
import { type StockClaimReply, type StockClaimRow, stockClaim } from './generated/stock-claim.ts';
import type { Keys } from './keys.ts';
import { createRefusals } from './regions/refusals.ts';
import type { Shard, Shards } from './shards.ts';

export type ClaimReply = StockClaimReply | { readonly reply: 'UNKNOWN_REGION' };

export interface Claims {
  claim(dropId: string, region: string, claim: StockClaimRow): Promise<Batched<ClaimReply>>;
}

export interface ClaimsOptions {
  readonly shards: Shards;
  readonly keys: Keys;
  readonly clock: Clock;
  /** Claims in one call of the script; the bench tries others. */
  readonly maxBatch?: number;
  onFailedCall(error: unknown, rows: number, region: string): void;
}

const RETRY_AFTER_MS = 50;
/** Holds of the same tenth of a second end together: one entry in the list of what is due stands for all of a batch. */
const HOLD_STEP_MS = 100;

export function holdEndOf(nowMs: number, holdSeconds: number): number {
  return Math.ceil((nowMs + holdSeconds * 1_000) / HOLD_STEP_MS) * HOLD_STEP_MS;
}

export function createClaims(options: ClaimsOptions): Claims {
  const { shards, keys, clock, maxBatch = LIMITS.claimBatch, onFailedCall } = options;
  const refusals = createRefusals({ shards, keys });
  const batchers = createBatcherPool<StockClaimRow, StockClaimReply>(LIMITS.dropCacheEntries);

  function makeBatcher(shard: Shard, dropId: string, region: string): Batcher<StockClaimRow, StockClaimReply> {
    const stockKeys = keys.stock(dropId, region);
    return createBatcher({
      maxBatch,
      maxQueue: LIMITS.claimQueue,
      maxInFlight: LIMITS.batchesInFlight,
      deadlineMs: LIMITS.claimDeadlineMs,
      retryAfterMs: RETRY_AFTER_MS,
      clock,
      onFailedCall: (error, rows) => onFailedCall(error, rows, region),
      async call(rows) {
        const replies = await stockClaim(shard.scripts, stockKeys, { nowMs: clock.now() }, rows);
        for (const [at, { sku, quantity }] of rows.entries()) {
          if (replies[at]?.reply === 'SOLD_OUT') refusals.note(dropId, region, sku, quantity);
        }
        return replies.map((reply, at) => firstAnswer(reply, rows[at]));
      },
    });
  }

  return {
    claim(dropId, region, claim) {
      const shard = shards.region(region);
      if (shard === undefined) return Promise.resolve({ ok: true, reply: { reply: 'UNKNOWN_REGION' } });
      return batchers.of(`${dropId}:${region}`, () => makeBatcher(shard, dropId, region)).submit(claim);
    },
  };
}

/** A batch that was sent twice because its first answer was lost meets its own claim: for the shopper that is the win. */
function firstAnswer(reply: StockClaimReply, row: StockClaimRow | undefined): StockClaimReply {
  return reply.reply === 'REPLAYED' && reply.claimId === row?.claimId ? { reply: 'WON', left: reply.left } : reply;
}
