import { expect, it } from 'vitest';
import { listOf, renderTable, tableOf } from './table.ts';

it('puts numbers to the right, and a dash where there is none', () => {
  const rows = [
    { what: 'a', count: 5 },
    { what: 'longer', count: 1_500 },
    { what: 'b', count: null },
  ];
  expect(renderTable(tableOf('Title', rows))).toBe(
    ['Title', '  what     count', '  a            5', '  longer   1,500', '  b            –'].join('\n'),
  );
});

it('lists names beside values', () => {
  expect(renderTable(listOf('Title', { one: 1, 'the other': true }))).toBe(
    ['Title', '  one         1', '  the other   true'].join('\n'),
  );
});
