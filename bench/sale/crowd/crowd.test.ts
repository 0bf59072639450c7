import { describe, expect, it } from 'vitest';
import { createRandom } from '../../line/eta/random.ts';
import { arrivalTimes } from './arrivals.ts';
import { createAsks } from './asks.ts';
import { createHeads } from './heads.ts';
import { KIND_NAMES, KINDS, kindOf } from './kinds.ts';
import { type Facts, judge } from './reasons.ts';

describe('who comes', () => {
  it('has shares that are all of them, and a kind for every roll', () => {
    expect(Object.values(KINDS).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    const random = createRandom(1);
    const rolled = Array.from({ length: 20_000 }, () => kindOf(random()));
    for (const name of KIND_NAMES) {
      expect(rolled.filter((kind) => kind === name).length / rolled.length).toBeCloseTo(KINDS[name].share, 1);
    }
    expect(kindOf(0.999_999_999)).toBe('forging');
  });

  it('comes as often as asked, within the time, the earliest first', () => {
    const times = arrivalTimes(1_000, 500, createRandom(2));
    expect(times).toHaveLength(1_000);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...times)).toBeLessThan(500);
  });
});

describe('a refusal', () => {
  const facts: Facts = {
    ...{ nowMs: 10_000, attacks: false, passUntilMs: 0, lastPassUntilMs: 0, startsAtMs: 5_000 },
    ...{ endedAtMs: Number.POSITIVE_INFINITY, underWay: 1 },
  };
  it.each<[string, Partial<Facts>, ReturnType<typeof judge>]>([
    ['NOT_ADMITTED', {}, 'honest'],
    ['NOT_ADMITTED', { passUntilMs: 20_000 }, 'wrong'],
    ['PASS_EXPIRED', { lastPassUntilMs: 9_999 }, 'honest'],
    ['PASS_EXPIRED', { lastPassUntilMs: 20_000 }, 'wrong'],
    ['NOT_STARTED', {}, 'wrong'],
    ['NOT_STARTED', { startsAtMs: 20_000 }, 'honest'],
    ['ENDED', {}, 'if the drop had ended'],
    ['ENDED', { endedAtMs: 20_000 }, 'wrong'],
    ['ENDED', { endedAtMs: 9_000 }, 'honest'],
    ['RATE_LIMITED', {}, 'wrong'],
    ['RATE_LIMITED', { underWay: 5 }, 'honest'],
    ['UNAUTHENTICATED', {}, 'wrong'],
    ['UNAUTHENTICATED', { attacks: true }, 'honest'],
    ['LIMIT_REACHED', {}, 'if the limit was reached'],
    ['INTERNAL', {}, 'wrong'],
  ])('%s with %o is %s', (code, more, verdict) => {
    expect(judge(code, { ...facts, ...more })).toBe(verdict);
  });
});

it('knows which claims were never decided, also those that were lost with a socket', () => {
  const asks = createAsks();
  const ask = asks.ask('a', 'text', 0);
  asks.ask('a', 'text', 5);
  // Both were sent.
  ask.open += 2;
  expect([asks.open, asks.undecided, asks.clicks, ask.dueMs]).toEqual([2, 1, 2, 0]);
  asks.lose();
  expect([asks.open, asks.undecidedAsks().map(({ key }) => key)]).toEqual([0, ['a']]);
  ask.isDecided = true;
  expect(asks.undecided).toBe(0);
});

it('reads the frame that all sockets get once, and no other frame', () => {
  const heads = createHeads();
  const [head, other] = [Buffer.from('{"t":"head","state":"live","stock":7}'), Buffer.from('{"t":"pong","now":1}')];
  expect([heads.saw(head, 0, head.length), heads.saw(head, 0, head.length), heads.stock]).toEqual([true, true, 7]);
  expect(heads.saw(other, 0, other.length)).toBe(false);
});
