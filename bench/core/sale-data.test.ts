import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../contracts/events/codec.ts';
import { createClaimSource, makeDrop } from './sale-data.ts';

describe('a fresh claim', () => {
  it('carries an event that the workers accept, about itself', () => {
    const drop = makeDrop(Date.now(), ['region-1'], 10);
    const { claimId, shopperId, holdUntilMs, event } = createClaimSource(drop.id, 'region-1')();
    const decoded = decodeEvent('claims.won', event);
    expect(decoded).toMatchObject({
      ok: true,
      event: { id: claimId, data: { claimId, shopperId, dropId: drop.id, holdUntil: holdUntilMs } },
    });
  });

  it('is of a new shopper each time', () => {
    const next = createClaimSource('drop', 'region-1');
    const claims = Array.from({ length: 100 }, next);
    expect(new Set(claims.map(({ shopperId }) => shopperId)).size).toBe(100);
    expect(new Set(claims.map(({ claimId }) => claimId)).size).toBe(100);
  });
});
