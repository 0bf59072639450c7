/**
 * Something that is read elsewhere and changes now and then: whoever asks gets what was read last, at once, and a read
 * that is due begins behind their back. No timer: what nobody asks for is not read, and there is nothing to stop.
 */
import type { Clock } from './clock.ts';
import { withDeadline } from './deadline.ts';
import { PLATFORM_LIMITS } from './limits.ts';

export interface Refreshed<T> {
  /** What was read last; undefined before the first read is done, or when there is nothing. */
  current(): T | undefined;
  /** Reads now, unless that is under way. Never rejects. */
  refresh(): Promise<void>;
  /** The same at a start, which is not held up for longer by what can be done without. */
  begin(): Promise<void>;
}

export interface RefreshedOptions<T> {
  read(): Promise<T | undefined>;
  readonly everyMs: number;
  readonly clock: Clock;
  /** Told of a read that failed: what was read last holds. */
  failed(error: unknown): void;
}

export function createRefreshed<T>({ read, everyMs, clock, failed }: RefreshedOptions<T>): Refreshed<T> {
  let value: T | undefined;
  let dueAtMs = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;

  async function readNow(): Promise<void> {
    try {
      value = await read();
    } catch (error) {
      failed(error);
    }
    // Also after a failure: whoever asks a thousand times a second must not make a thousand reads.
    dueAtMs = clock.now() + everyMs;
    underWay = undefined;
  }
  function refresh(): Promise<void> {
    underWay ??= readNow();
    return underWay;
  }
  return {
    current() {
      if (clock.now() >= dueAtMs) void refresh();
      return value;
    },
    refresh,
    begin: () => withDeadline(refresh(), PLATFORM_LIMITS.firstReadMs, 'a first read').catch(() => undefined),
  };
}
