import { expect, it } from 'vitest';
import { createRecentNames } from './recent-names.ts';

it('knows the latest names again, and never more than so many', () => {
  const names = createRecentNames(4);
  expect(['a', 'b', 'a', 'c', 'b'].map((name) => names.isNew(name))).toEqual([true, true, false, true, false]);
  // The fifth begins a third generation: the first one is forgotten.
  expect(['d', 'e', 'c', 'a'].map((name) => names.isNew(name))).toEqual([true, true, false, true]);
});
