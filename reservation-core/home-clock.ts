/**
 * The time of the home shard. Lines and passes are counted in it: an edge whose own clock is wrong would end passes too
 * early, or move the time of the whole line. Between two looks the own clock goes on, corrected by the difference.
 */
import type { Clock } from '../platform/clock.ts';
import type { Redis } from '../platform/connections/redis.ts';

export interface HomeClock extends Clock {
  /** Looks again; the difference stays as it was where Redis does not answer. */
  adjust(): Promise<void>;
  readonly offsetMs: number;
}

const LOOKS = 3;

export async function createHomeClock(redis: Pick<Redis, 'time'>, own: Clock): Promise<HomeClock> {
  let offsetMs = 0;

  /** The look that took the shortest is the most exact one: it is off by no more than half of what it took. */
  async function measure(): Promise<number> {
    let best = { tookMs: Number.POSITIVE_INFINITY, offsetMs };
    for (let look = 0; look < LOOKS; look += 1) {
      const fromMs = own.now();
      const [seconds, micros] = await redis.time();
      const tookMs = own.now() - fromMs;
      const theirMs = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
      if (tookMs < best.tookMs) best = { tookMs, offsetMs: Math.round(theirMs - fromMs - tookMs / 2) };
    }
    return best.offsetMs;
  }

  offsetMs = await measure();
  return {
    now: () => own.now() + offsetMs,
    async adjust() {
      offsetMs = await measure();
    },
    get offsetMs() {
      return offsetMs;
    },
  };
}
