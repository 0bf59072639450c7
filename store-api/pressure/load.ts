/**
 * How loaded this process is. It gets worse at once when two samples in a row say so, one alone is a hiccup; it gets better
 * by one level after a while of calm, so that what was shed does not come back only to be shed again.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';

export const LOAD_LEVELS = ['calm', 'strained', 'overloaded', 'critical'] as const;
export type LoadLevel = (typeof LOAD_LEVELS)[number];

export interface LoadSample {
  readonly eventLoopDelayMs: number;
  /** That were let in and are not answered yet. */
  readonly requestsInFlight: number;
  /** Who wait for a connection to the database. */
  readonly databaseWaiting: number;
}

export interface LoadJudge {
  readonly level: LoadLevel;
  /** The last sample. */
  readonly sample: LoadSample;
  take(sample: LoadSample, nowMs: number): LoadLevel;
}

export type LoadSteps = Readonly<Record<keyof LoadSample, readonly [number, number, number]>>;

const NOTHING: LoadSample = { eventLoopDelayMs: 0, requestsInFlight: 0, databaseWaiting: 0 };
/** From this part of a step on, it is not calm enough to go back behind it. */
const BACK_PART = 0.7;

export function createLoadJudge(steps: LoadSteps = LIMITS.storeLoad): LoadJudge {
  let level = 0;
  let before = 0;
  let sample = NOTHING;
  let calmSinceMs = Number.POSITIVE_INFINITY;

  /** The highest step that any of the figures has reached. */
  function reached(part: number): number {
    const of = (name: keyof LoadSample): number => steps[name].filter((step) => sample[name] >= step * part).length;
    return Math.max(of('eventLoopDelayMs'), of('requestsInFlight'), of('databaseWaiting'));
  }

  return {
    get level() {
      return LOAD_LEVELS[level] ?? 'critical';
    },
    get sample() {
      return sample;
    },
    take(next, nowMs) {
      sample = next;
      const now = reached(1);
      const lasting = Math.min(now, before);
      before = now;
      if (lasting > level) {
        level = lasting;
        calmSinceMs = Number.POSITIVE_INFINITY;
      } else if (reached(BACK_PART) >= level) calmSinceMs = Number.POSITIVE_INFINITY;
      else if (calmSinceMs === Number.POSITIVE_INFINITY) calmSinceMs = nowMs;
      else if (nowMs - calmSinceMs >= INTERVALS.loadCalmMs) {
        level -= 1;
        calmSinceMs = nowMs;
      }
      return this.level;
    },
  };
}

export interface LoadMonitor {
  readonly level: LoadLevel;
  readonly sample: LoadSample;
  /** A request that was let in; the answer says that it is over, which may be told twice. */
  begin(): () => void;
}

/** Of tests and of whoever has no pressure to fear. */
export const NO_LOAD: LoadMonitor = { level: 'calm', sample: NOTHING, begin: () => () => undefined };

export interface MonitoredLoad extends LoadMonitor {
  stop(): void;
}

export function startLoadMonitor(options: {
  databaseWaiting(): number;
  onChange(level: LoadLevel, sample: LoadSample): void;
}): MonitoredLoad {
  const judge = createLoadJudge();
  const delay = monitorEventLoopDelay({ resolution: INTERVALS.loadResolutionMs });
  delay.enable();
  let inFlight = 0;
  let told = judge.level;
  const timer = setInterval(() => {
    // What the timer itself waits is no delay. A loop that was blocked all the time has noted nothing.
    const mean = Number.isFinite(delay.mean) ? delay.mean / 1e6 - INTERVALS.loadResolutionMs : 0;
    delay.reset();
    const sample = {
      eventLoopDelayMs: Math.max(0, mean),
      requestsInFlight: inFlight,
      databaseWaiting: options.databaseWaiting(),
    };
    const level = judge.take(sample, performance.now());
    if (level !== told) options.onChange(level, sample);
    told = level;
  }, INTERVALS.loadSampleMs);
  timer.unref();
  return {
    get level() {
      return judge.level;
    },
    get sample() {
      return judge.sample;
    },
    begin() {
      inFlight += 1;
      let isOver = false;
      return () => {
        if (!isOver) inFlight -= 1;
        isOver = true;
      };
    },
    stop() {
      clearInterval(timer);
      delay.disable();
    },
  };
}
