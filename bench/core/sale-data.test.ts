import { expect, it } from 'vitest';
import { createClaimSource } from './sale-data.ts';

it('makes a claim of a new shopper each time', () => {
  const next = createClaimSource();
  const claims = Array.from({ length: 100 }, next);
  expect(new Set(claims.map(({ shopperId }) => shopperId)).size).toBe(100);
  expect(new Set(claims.map(({ claimId }) => claimId)).size).toBe(100);
});
