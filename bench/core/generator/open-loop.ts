/**
 * Claims that begin when they are due, also while earlier ones are not answered. One that is due while too many are under
 * way waits here, and its latency counts from when it was due: a slow moment is not hidden by asking less in it
 * (coordinated omission).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { timetable } from '../../edge/generator/pace.ts';

export interface OpenLoop {
  readonly perSecond: number;
  /** The rate grows over this long: what is not compiled yet would be left with a backlog. */
  readonly rampMs: number;
  readonly mostUnderWay: number;
}

const TICK_MS = 1;

/** Resolves when it no longer goes on and everything that was due until then has begun and ended. */
export async function beginWhenDue(
  { perSecond, rampMs, mostUnderWay }: OpenLoop,
  begin: (dueMs: number) => Promise<void>,
  goesOn: () => boolean,
): Promise<void> {
  const { dueBy, dueAtMs } = timetable(perSecond, rampMs);
  const fromMs = performance.now();
  const failing = Promise.withResolvers<never>();
  failing.promise.catch(() => undefined);
  let [begun, underWay] = [0, 0];
  const dueNow = (): number => dueBy(performance.now() - fromMs);
  const nextTick = (): Promise<unknown> => Promise.race([delay(TICK_MS), failing.promise]);
  function beginDue(due: number): void {
    while (begun < due && underWay < mostUnderWay) {
      begun += 1;
      underWay += 1;
      begin(fromMs + dueAtMs(begun)).then(() => {
        underWay -= 1;
      }, failing.reject);
    }
  }
  while (goesOn()) {
    beginDue(dueNow());
    await nextTick();
  }
  // Whoever still waits here has waited longest: left out, a backlog would look like a good latency.
  for (const due = dueNow(); begun < due || underWay > 0; ) {
    beginDue(due);
    await nextTick();
  }
}
