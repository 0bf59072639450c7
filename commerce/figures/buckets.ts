/** Where the buckets of a chart begin: minutes and hours of UTC, days of a time zone, whatever the clocks do there. */
import { LIMITS } from '../../contracts/limits.ts';

export type Step = 'minute' | 'hour' | 'day';

export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

const STEP_MS = { minute: 60_000, hour: 3_600_000, day: 24 * 3_600_000 } as const;

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * The beginnings of all buckets that the span touches, and the end of the last one; undefined where they are too many for
 * one answer. A day may have 23 or 25 hours.
 */
export function edgesOf({ fromMs, untilMs }: Span, step: Step, timeZone: string): readonly number[] | undefined {
  if (untilMs <= fromMs || (untilMs - fromMs) / STEP_MS[step] > LIMITS.analyticsBuckets) return undefined;
  const edges = step === 'day' ? daysOf({ fromMs, untilMs }, timeZone) : stepsOf({ fromMs, untilMs }, STEP_MS[step]);
  return edges.length - 1 > LIMITS.analyticsBuckets ? undefined : edges;
}

function stepsOf({ fromMs, untilMs }: Span, stepMs: number): number[] {
  const first = fromMs - (fromMs % stepMs);
  const count = Math.ceil((untilMs - first) / stepMs);
  return Array.from({ length: count + 1 }, (_, at) => first + at * stepMs);
}

function daysOf({ fromMs, untilMs }: Span, timeZone: string): number[] {
  const offsetAt = offsetsOf(timeZone);
  const local = new Date(fromMs + offsetAt(fromMs));
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  const edges: number[] = [];
  do {
    const midnight = Date.UTC(year, month, day + edges.length);
    // By the clocks of before and of after: the first moment at which it is this day. Where midnight is skipped the day
    // begins later than at 0:00, where it comes twice with the first.
    const moments = [midnight - offsetAt(midnight - STEP_MS.day), midnight - offsetAt(midnight + STEP_MS.day)];
    edges.push(Math.min(...moments.filter((ms) => ms + offsetAt(ms) >= midnight)));
  } while ((edges.at(-1) ?? untilMs) < untilMs);
  return edges;
}

/** How far the clocks of a zone are ahead of UTC at a time. */
function offsetsOf(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', era: 'short' },
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return local - (ms - (((ms % 1_000) + 1_000) % 1_000));
  };
}
