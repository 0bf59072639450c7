import { expect, it } from 'vitest';
import { createAddressSet } from './address-set.ts';

it('a set of addresses has what its networks have', () => {
  const has = createAddressSet(['127.0.0.0/8', '::1']);
  expect(['127.9.9.9', '0:0:0:0:0:0:0:1', '128.0.0.1', '0:0:0:0:0:0:0:2', 'unknown'].map(has)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(createAddressSet([])('127.0.0.1')).toBe(false);
});
