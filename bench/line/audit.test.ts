import { describe, expect, it } from 'vitest';
import { auditLine, type LineTold, mostInASecond } from './audit.ts';

const line: LineTold = {
  sockets: 3,
  places: [2, 1, 3],
  called: [
    { place: 1, atMs: 1_000 },
    { place: 2, atMs: 2_000 },
  ],
  refused: {},
  socketsLost: 0,
  missed: 0,
  perSecond: 1,
};

const everybodyBack = {
  ...{ sockets: 2, p50Ms: 1, p99Ms: 1, maxMs: 1 },
  ...{ placesKept: 2, placesLost: 0, missing: 0, retries: 3 },
};

describe('the audit of a line', () => {
  it('is content when each has a place and was called in turn', () => {
    expect(auditLine(line)).toEqual({ ok: true, oversold: 0, lost: 0, duplicated: 0, problems: [] });
  });

  it.each<[string, Partial<LineTold>, Partial<ReturnType<typeof auditLine>>]>([
    ['a place given twice', { places: [1, 2, 2] }, { duplicated: 1 }],
    ['somebody without a place', { places: [1, 2] }, { lost: 1 }],
    [
      'too many within a second',
      { called: [1, 2, 3].map((place) => ({ place, atMs: 1_000 + place })) },
      { oversold: 2 },
    ],
    [
      'somebody overtaken',
      {
        called: [
          { place: 2, atMs: 1_000 },
          { place: 1, atMs: 2_000 },
        ],
      },
      {},
    ],
    ['a refusal', { refused: { LINE_FULL: 1 } }, {}],
    ['a lost socket', { socketsLost: 1 }, {}],
    ['a move that was not told', { missed: 1 }, {}],
    ['a head that did not move', { moves: 0 }, {}],
    ['somebody who never got a pass', { neverAdmitted: 1 }, {}],
    ['another place after coming back', { returns: [{ ...everybodyBack, placesLost: 2 }] }, { lost: 2 }],
    ['who did not come back', { returns: [everybodyBack, { ...everybodyBack, missing: 1 }] }, { lost: 1 }],
  ])('finds %s', (_what, changes, counts) => {
    const audit = auditLine({ ...line, ...changes });
    expect(audit).toMatchObject({ ok: false, ...counts });
    expect(audit.problems).toHaveLength(1);
  });

  it('counts over any second, not over those of a clock', () => {
    const at = (...times: number[]): number => mostInASecond(times.map((atMs, place) => ({ place, atMs })));
    expect(at(900, 1_100, 1_899)).toBe(3);
    expect(at(900, 1_100, 1_900)).toBe(2);
    expect(at()).toBe(0);
  });
});
