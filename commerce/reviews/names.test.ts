import { expect, it } from 'vitest';
import { shownName } from './names.ts';
import { summaryOf } from './ratings.ts';

it.each([
  ['Ada Lovelace', 'Ada L.'],
  ['  Ada   King  Lovelace ', 'Ada L.'],
  ['Ada', 'Ada'],
  ['李 小龙', '李 小.'],
  ['', null],
  ['ada@people.example', null],
  ['x'.repeat(90), 'x'.repeat(30)],
])('shows of "%s" only %s', (name, shown) => {
  expect(shownName(name)).toBe(shown);
});

it('says what people gave on the average, or nothing', () => {
  expect(summaryOf([0, 0, 0, 0, 0])).toEqual({ count: 0, average: null, distribution: [0, 0, 0, 0, 0] });
  expect(summaryOf([1, 0, 0, 0, 2])).toEqual({ count: 3, average: 3.7, distribution: [1, 0, 0, 0, 2] });
});
