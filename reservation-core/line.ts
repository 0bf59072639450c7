/** The line of a drop, on its home shard. Joins and leaves of one process are batched by drop. */
import { LIMITS } from '../contracts/limits.ts';
import type { Clock } from '../platform/clock.ts';
import { type Batched, type Batcher, createBatcher } from './batcher.ts';
import { createBatcherPool } from './batcher-pool.ts';
import { type LineAdmitReply, lineAdmit } from './generated/line-admit.ts';
import { type LineJoinReply, type LineJoinRow, lineJoin } from './generated/line-join.ts';
import { type LineLeaveReply, lineLeave } from './generated/line-leave.ts';
import type { Keys } from './keys.ts';
import type { Shards } from './shards.ts';

export interface Line {
  /** Also answers who has a place already: with it, or with the pass that they were given. */
  join(dropId: string, row: LineJoinRow): Promise<Batched<LineJoinReply>>;
  leave(dropId: string, shopperIds: readonly string[]): Promise<LineLeaveReply[]>;
  /** Calls as many next places as the caps allow. Every edge may ask: the caps are counted in the script. */
  admit(dropId: string): Promise<LineAdmitReply>;
}

export interface LineOptions {
  readonly shards: Shards;
  readonly keys: Keys;
  readonly clock: Clock;
  onFailedCall(error: unknown, rows: number): void;
}

const RETRY_AFTER_MS = 100;

export function createLine(options: LineOptions): Line {
  const { shards, keys, clock, onFailedCall } = options;
  const { scripts } = shards.home;
  const joins = createBatcherPool<LineJoinRow, LineJoinReply>(LIMITS.dropCacheEntries);

  function makeBatcher(dropId: string): Batcher<LineJoinRow, LineJoinReply> {
    const lineKeys = keys.line(dropId);
    return createBatcher({
      maxBatch: LIMITS.joinBatch,
      maxQueue: LIMITS.joinQueue,
      maxInFlight: LIMITS.batchesInFlight,
      deadlineMs: LIMITS.joinDeadlineMs,
      retryAfterMs: RETRY_AFTER_MS,
      clock,
      onFailedCall,
      call: (rows) => lineJoin(scripts, lineKeys, { nowMs: clock.now(), capacity: LIMITS.placesPerDrop }, rows),
    });
  }

  return {
    join: (dropId, row) => joins.of(dropId, () => makeBatcher(dropId)).submit(row),
    leave: (dropId, shopperIds) =>
      lineLeave(
        scripts,
        keys.line(dropId),
        shopperIds.map((shopperId) => ({ shopperId })),
      ),
    admit: (dropId) => lineAdmit(scripts, keys.line(dropId), { nowMs: clock.now(), most: LIMITS.admitBatch }),
  };
}
