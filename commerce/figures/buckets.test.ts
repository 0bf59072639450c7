import { describe, expect, it } from 'vitest';
import { edgesOf, isTimeZone } from './buckets.ts';

const at = (text: string) => Date.parse(text);
const spanOf = (from: string, until: string) => ({ fromMs: at(from), untilMs: at(until) });
const shown = (edges: readonly number[] | undefined) => edges?.map((ms) => new Date(ms).toISOString().slice(0, 16));

describe('the buckets of a chart', () => {
  it('are those that the span touches', () => {
    const minutes = edgesOf(spanOf('2026-03-01T10:00:30Z', '2026-03-01T10:02:00Z'), 'minute', 'UTC');
    expect(shown(minutes)).toEqual(['2026-03-01T10:00', '2026-03-01T10:01', '2026-03-01T10:02']);
    const hours = edgesOf(spanOf('2026-03-01T10:59:00Z', '2026-03-01T11:01:00Z'), 'hour', 'Europe/Vienna');
    expect(shown(hours)).toEqual(['2026-03-01T10:00', '2026-03-01T11:00', '2026-03-01T12:00']);
  });

  it('are days of the zone, of 23 and 25 hours where the clocks change', () => {
    const spring = edgesOf(spanOf('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z'), 'day', 'Europe/Vienna');
    expect(shown(spring)).toEqual(['2026-03-27T23:00', '2026-03-28T23:00', '2026-03-29T22:00', '2026-03-30T22:00']);
    const autumn = edgesOf(spanOf('2026-11-01T12:00:00Z', '2026-11-01T13:00:00Z'), 'day', 'America/New_York');
    expect(shown(autumn)).toEqual(['2026-11-01T04:00', '2026-11-02T05:00']);
    const ahead = edgesOf(spanOf('2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'), 'day', 'Asia/Kolkata');
    expect(shown(ahead)).toEqual(['2025-12-31T18:30', '2026-01-01T18:30']);
  });

  it('begin with the first moment of the day where the clocks change at midnight', () => {
    // At 0:00 it is 1:00: the Sunday has 23 hours, and none of the Saturday's.
    const skipped = edgesOf(spanOf('2026-09-05T12:00:00Z', '2026-09-07T00:00:00Z'), 'day', 'America/Santiago');
    expect(shown(skipped)).toEqual(['2026-09-05T04:00', '2026-09-06T04:00', '2026-09-07T03:00']);
    // At 24:00 it is 23:00 again, and at 1:00 0:00.
    const again = edgesOf(spanOf('2026-04-04T12:00:00Z', '2026-04-05T12:00:00Z'), 'day', 'America/Santiago');
    expect(shown(again)).toEqual(['2026-04-04T03:00', '2026-04-05T04:00', '2026-04-06T04:00']);
    const twice = edgesOf(spanOf('2026-11-01T12:00:00Z', '2026-11-02T12:00:00Z'), 'day', 'America/Havana');
    expect(shown(twice)).toEqual(['2026-11-01T04:00', '2026-11-02T05:00', '2026-11-03T05:00']);
  });

  it('are refused where they are too many, or none', () => {
    expect(edgesOf(spanOf('2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z'), 'minute', 'UTC')).toBeUndefined();
    expect(edgesOf(spanOf('2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'), 'day', 'UTC')).toBeUndefined();
  });

  it('know a time zone', () => {
    expect(isTimeZone('Europe/Vienna')).toBe(true);
    expect(isTimeZone('Moon/Crater')).toBe(false);
  });
});
