import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Caps, createCapsCheck, type PassEvent } from './pass-caps.ts';

const CAPS = { perSecond: 3, maxActive: 4 };

function check(events: readonly PassEvent[], caps: Caps = CAPS) {
  const caught = createCapsCheck(caps);
  for (const event of events) caught.take(event);
  return caught.report();
}

const called = (atMs: number, shoppers: string, untilMs = 1_000_000): PassEvent => ({
  ...{ what: 'called', atMs, untilMs, shoppers: [...shoppers] },
});
const ended = (atMs: number, shoppers: string): PassEvent => ({
  ...{ what: 'ended', atMs, untilMs: 0, shoppers: [...shoppers] },
});

describe('the caps', () => {
  it('are kept by whoever stays at them', () => {
    const report = check([called(0, 'abc'), called(1_000, 'd'), ended(1_500, 'ab'), called(2_000, 'ef')]);
    expect(report).toEqual({
      ...{ calls: 6, firstAtMs: 0, lastAtMs: 2_000, breaches: [] },
      worstSecond: { atMs: 0, called: 3 },
      worstMoment: { atMs: 1_000, live: 4 },
    });
  });

  it('hold over any second, not only over those of a clock', () => {
    const { breaches, worstSecond } = check([called(900, 'ab'), called(1_100, 'cd')]);
    expect(breaches).toEqual([
      { rule: 'too many called within a second', times: 1, atMs: 1_100, detail: '4 instead of 3' },
    ]);
    expect(worstSecond).toEqual({ atMs: 1_100, called: 4 });
    expect(check([called(900, 'ab'), called(1_900, 'cd')]).breaches).toEqual([]);
  });

  it('count a pass until it ended or its time is over, whatever comes first', () => {
    const five = [called(0, 'ab', 5_000), called(2_000, 'cd', 7_000), called(4_999, 'e', 9_000)];
    expect(check(five).breaches).toMatchObject([{ rule: 'too many passes live at once', detail: '5 instead of 4' }]);
    expect(check([...five.slice(0, 2), called(5_000, 'ef', 9_000)]).breaches).toEqual([]);
    expect(check([...five.slice(0, 2), ended(3_000, 'c'), called(4_999, 'e', 9_000)]).breaches).toEqual([]);
  });

  it('do not count passes that ended before those in front of them', () => {
    const events = [called(0, 'ab', 90_000), called(2_000, 'cd', 3_000), called(4_000, 'ef', 90_000)];
    expect(check(events).breaches).toEqual([]);
  });

  it('allow nobody two passes at once', () => {
    const again = [called(0, 'a', 5_000), called(2_000, 'a', 7_000)];
    expect(check(again).breaches).toMatchObject([{ rule: 'called while the pass before was live', detail: 'a' }]);
    expect(check([called(0, 'a', 2_000), called(2_000, 'a', 7_000)]).breaches).toEqual([]);
    expect(check([called(0, 'a'), ended(1, 'a'), called(2_000, 'a')]).breaches).toEqual([]);
  });

  it('cannot be checked where time goes back', () => {
    expect(check([called(2_000, 'a'), called(999, 'b')]).breaches).toMatchObject([
      { rule: 'a call is older than the one before', detail: 'by 1001 ms' },
    ]);
  });

  it('are counted as somebody would who looks at every millisecond', () => {
    const step = fc.record({ afterMs: fc.nat(700), size: fc.integer({ min: 1, max: 4 }), lastsMs: fc.nat(4_000) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        let atMs = 0;
        let next = 0;
        const events = steps.map(({ afterMs, size, lastsMs }) => {
          atMs += afterMs;
          const shoppers = Array.from({ length: size }, () => `s${next++}`);
          return { what: 'called', atMs, untilMs: atMs + lastsMs + 1, shoppers } as const;
        });
        const sum = (inside: (event: PassEvent) => boolean) =>
          events.filter(inside).reduce((count, { shoppers }) => count + shoppers.length, 0);
        const everyMs = Array.from({ length: atMs + 1 }, (_, ms) => ms);
        const seconds = everyMs.map((ms) => sum((event) => event.atMs > ms - 1_000 && event.atMs <= ms));
        const moments = everyMs.map((ms) => sum((event) => event.atMs <= ms && event.untilMs > ms));
        const report = check(events);
        expect(report.worstSecond?.called).toBe(Math.max(...seconds));
        expect(report.worstMoment?.live).toBe(Math.max(...moments));
        const rules = report.breaches.map(({ rule }) => rule);
        expect(rules.includes('too many called within a second')).toBe(Math.max(...seconds) > CAPS.perSecond);
        expect(rules.includes('too many passes live at once')).toBe(Math.max(...moments) > CAPS.maxActive);
      }),
      { numRuns: 200 },
    );
  });
});
