import { expect, it } from 'vitest';
import { auditOurs, balance } from './audit.ts';

const SOUND = { oversold: 0, lost: 0, untold: 0, stranded: 0, left: 0 };

it.each([
  ['all sold', { units: 2, left: 0, told: ['a', 'b'], committed: ['b', 'a'] }, {}],
  ['some left', { units: 5, left: 3, told: ['a', 'b'], committed: ['b', 'a'] }, {}],
  ['the same answer twice', { units: 1, left: 0, told: ['a', 'a'], committed: ['a'] }, {}],
  ['one order too many', { units: 1, left: 0, told: ['a', 'b'], committed: ['a', 'b'] }, { oversold: 1 }],
  ['a unit sold and still for sale', { units: 1, left: 1, told: ['a'], committed: ['a'] }, { oversold: 1 }],
  ['a promise without an order', { units: 2, left: 0, told: ['a', 'b'], committed: ['a'] }, { lost: 1 }],
  [
    'two promises of the last unit',
    { units: 1, left: 0, told: ['a', 'b'], committed: ['a'] },
    { lost: 1, oversold: 1 },
  ],
  ['an order that nobody knows of', { units: 2, left: 0, told: ['a'], committed: ['a', 'b'] }, { untold: 1 }],
  ['a unit that is nobody’s', { units: 3, left: 1, told: ['a'], committed: ['a'] }, { stranded: 1 }],
])('balances %s', (_what, sold, off) => {
  expect(balance(sold)).toEqual({ ...SOUND, left: sold.left, ...off });
});

it('allows ours no refusal without a reason, and nothing unanswered', () => {
  const asked = (refused: Readonly<Record<string, number>>, unanswered = 0) => [{ refused, unanswered }];
  expect(auditOurs('x', SOUND, asked({ SOLD_OUT: 5 }), true)).toMatchObject({ ok: true, problems: [] });
  expect(auditOurs('x', SOUND, asked({ SOLD_OUT: 5 }), false).ok).toBe(false);
  expect(auditOurs('x', SOUND, asked({ NOT_ADMITTED: 1 }), true).ok).toBe(false);
  expect(auditOurs('x', SOUND, asked({}, 1), true).ok).toBe(false);
  expect(auditOurs('x', { ...SOUND, left: 1 }, asked({ SOLD_OUT: 5 }), true).ok).toBe(false);
  expect(auditOurs('x', { ...SOUND, stranded: 2 }, asked({}), true)).toMatchObject({ ok: false, lost: 2 });
  expect(auditOurs('x', undefined, [], true).ok).toBe(false);
});
