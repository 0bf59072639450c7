/** The line of a drop, on its home shard. Joins, leaves and absences of one process are batched by drop. */
import { INTERVALS, LIMITS } from '../contracts/limits.ts';
import type { Clock } from '../platform/clock.ts';
import { type Batched, type Batcher, createBatcher } from './batcher.ts';
import { type BatcherPool, createBatcherPool } from './batcher-pool.ts';
import { type LineAdmitReply, lineAdmit } from './generated/line-admit.ts';
import { type LineAwayReply, type LineAwayRow, lineAway } from './generated/line-away.ts';
import { type LineJoinReply, type LineJoinRow, lineJoin } from './generated/line-join.ts';
import { type LineLeaveReply, type LineLeaveRow, lineLeave } from './generated/line-leave.ts';
import { type LineStallReply, type LineStallRow, lineStall } from './generated/line-stall.ts';
import type { Keys } from './keys.ts';
import type { Shards } from './shards.ts';

/** Why a place is given up: its shopper said so, or has all that they may have. */
export type LeaveReason = 'left' | 'done';

export interface Line {
  /** Also answers who has a place already: with it, or with the pass that they were given. */
  join(dropId: string, row: LineJoinRow, from: 'socket' | 'elsewhere'): Promise<Batched<LineJoinReply>>;
  /** A pass in hand stays, and is told, unless it is void by now: see reservation-core/passes.ts. */
  leave(dropId: string, shopperId: string, why: LeaveReason, voidUntilMs?: number): Promise<Batched<LineLeaveReply>>;
  /** They have a pass and nothing to claim: others are called beside them. */
  stall(dropId: string, shopperId: string): Promise<Batched<LineStallReply>>;
  /** The last socket that this process had of the shopper is gone: the place is kept for a while. */
  away(dropId: string, shopperId: string): Promise<Batched<LineAwayReply>>;
  /**
   * Calls as many next places as the caps allow, and as `wanted` active passes are enough for. Every edge may ask: the
   * caps are counted in the script. Asking also tells that this edge, and whoever is connected to it, is there.
   */
  admit(dropId: string, wanted: number): Promise<LineAdmitReply>;
}

export interface LineOptions {
  readonly shards: Shards;
  readonly keys: Keys;
  readonly clock: Clock;
  /** Names this process among the edges; short, since it is written beside each place. */
  readonly edge: string;
  onFailedCall(error: unknown, rows: number, shard: 'home'): void;
}

const RETRY_AFTER_MS = 100;

export function createLine(options: LineOptions): Line {
  const { shards, keys, clock, edge, onFailedCall } = options;
  const { scripts } = shards.home;
  const joins = createBatcherPool<LineJoinRow, LineJoinReply>(LIMITS.dropCacheEntries);
  const leaves = createBatcherPool<LineLeaveRow, LineLeaveReply>(LIMITS.dropCacheEntries);
  const stalls = createBatcherPool<LineStallRow, LineStallReply>(LIMITS.dropCacheEntries);
  const absences = createBatcherPool<LineAwayRow, LineAwayReply>(LIMITS.dropCacheEntries);

  function submit<Row, Reply>(
    pool: BatcherPool<Row, Reply>,
    name: string,
    row: Row,
    call: (rows: readonly Row[]) => Promise<readonly Reply[]>,
  ): Promise<Batched<Reply>> {
    const make = (): Batcher<Row, Reply> =>
      createBatcher({
        maxBatch: LIMITS.joinBatch,
        maxQueue: LIMITS.joinQueue,
        maxInFlight: LIMITS.batchesInFlight,
        deadlineMs: LIMITS.joinDeadlineMs,
        retryAfterMs: RETRY_AFTER_MS,
        clock,
        onFailedCall: (error, rows) => onFailedCall(error, rows, 'home'),
        call,
      });
    return pool.of(name, make).submit(row);
  }

  return {
    join(dropId, row, from) {
      const where = from === 'socket' ? edge : '';
      const lineKeys = keys.line(dropId);
      return submit(joins, `${dropId}:${where}`, row, (rows) =>
        lineJoin(scripts, lineKeys, { nowMs: clock.now(), capacity: LIMITS.placesPerDrop, edge: where }, rows),
      );
    },
    leave: (dropId, shopperId, why, voidUntilMs = 0) =>
      submit(leaves, dropId, { shopperId, why, voidUntilMs }, (rows) =>
        lineLeave(scripts, keys.line(dropId), { nowMs: clock.now() }, rows),
      ),
    stall: (dropId, shopperId) =>
      submit(stalls, dropId, { shopperId }, (rows) => lineStall(scripts, keys.line(dropId), rows)),
    away: (dropId, shopperId) =>
      submit(absences, dropId, { shopperId }, (rows) =>
        lineAway(scripts, keys.line(dropId), { nowMs: clock.now(), edge }, rows),
      ),
    admit: (dropId, wanted) =>
      lineAdmit(scripts, keys.line(dropId), {
        nowMs: clock.now(),
        most: LIMITS.admitBatch,
        wanted: Math.min(wanted, LIMITS.activePasses),
        edge,
        graceMs: INTERVALS.graceMs,
        pickUpMs: INTERVALS.pickUpMs,
      }),
  };
}
