/**
 * Collects what is asked for in one turn of the event loop and does it in one call.
 * Bounded on every side: beyond `maxQueue` waiting, or past the deadline, the answer is BUSY, never growth.
 * A call that failed is made again with the very same rows until the deadline: rows carry keys that make a repeat harmless.
 */
import type { Clock } from '../platform/clock.ts';
import { ScriptReplyError } from './script-runner.ts';

export type Batched<Reply> =
  | { readonly ok: true; readonly reply: Reply }
  | { readonly ok: false; readonly code: 'BUSY' };

export interface BatcherOptions<Row, Reply> {
  readonly maxBatch: number;
  readonly maxQueue: number;
  readonly maxInFlight: number;
  readonly deadlineMs: number;
  readonly retryAfterMs: number;
  readonly clock: Clock;
  /** Answers each row in its order. */
  call(rows: readonly Row[]): Promise<readonly Reply[]>;
  onFailedCall(error: unknown, rows: number): void;
}

export interface Batcher<Row, Reply> {
  submit(row: Row): Promise<Batched<Reply>>;
  /** What waits and what is under way. */
  readonly depth: number;
}

interface Entry<Row, Reply> {
  readonly row: Row;
  readonly untilMs: number;
  resolve(result: Batched<Reply>): void;
  reject(error: unknown): void;
}

const BUSY = { ok: false, code: 'BUSY' } as const;

export function createBatcher<Row, Reply>(options: BatcherOptions<Row, Reply>): Batcher<Row, Reply> {
  const { maxBatch, maxQueue, maxInFlight, deadlineMs, retryAfterMs, clock } = options;
  let waiting: Entry<Row, Reply>[] = [];
  let underWay = 0;
  let callsInFlight = 0;
  let flushPlanned = false;

  function planFlush(): void {
    if (flushPlanned || waiting.length === 0 || callsInFlight >= maxInFlight) return;
    flushPlanned = true;
    setImmediate(flush);
  }

  function flush(): void {
    flushPlanned = false;
    while (waiting.length > 0 && callsInFlight < maxInFlight) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      const inTime = batch.filter((entry) => !refuseIfLate(entry));
      if (inTime.length > 0) void send(inTime);
    }
  }

  async function send(batch: readonly Entry<Row, Reply>[]): Promise<void> {
    callsInFlight += 1;
    underWay += batch.length;
    try {
      await callUntilDeadline(batch);
    } finally {
      callsInFlight -= 1;
      underWay -= batch.length;
      planFlush();
    }
  }

  async function callUntilDeadline(batch: readonly Entry<Row, Reply>[]): Promise<void> {
    let left = batch;
    while (left.length > 0) {
      try {
        const replies = await options.call(left.map((entry) => entry.row));
        left.forEach((entry, at) => {
          const reply = replies[at];
          if (reply === undefined) entry.reject(new Error('A row of a batch was not answered.'));
          else entry.resolve({ ok: true, reply });
        });
        return;
      } catch (error) {
        options.onFailedCall(error, left.length);
        if (error instanceof ScriptReplyError) {
          for (const entry of left) entry.reject(error);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
        left = left.filter((entry) => !refuseIfLate(entry));
      }
    }
  }

  function refuseIfLate(entry: Entry<Row, Reply>): boolean {
    if (clock.now() < entry.untilMs) return false;
    entry.resolve(BUSY);
    return true;
  }

  return {
    submit(row) {
      if (waiting.length + underWay >= maxQueue) return Promise.resolve(BUSY);
      return new Promise((resolve, reject) => {
        waiting.push({ row, untilMs: clock.now() + deadlineMs, resolve, reject });
        planFlush();
      });
    },
    get depth() {
      return waiting.length + underWay;
    },
  };
}
