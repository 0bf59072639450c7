import { describe, expect, it } from 'vitest';
import { ENTRANT_ID_PATTERN, entrantIdOf } from './entrant.ts';

describe('the public name of a ticket', () => {
  it('is the same for the same ticket, for ever', () => {
    expect(entrantIdOf('a.ticket')).toBe('a1e9c3e5a60a55e2db45cb51d641b2fe');
    expect(entrantIdOf('a.ticket')).toMatch(new RegExp(ENTRANT_ID_PATTERN));
    expect(entrantIdOf('a.ticket2')).not.toBe(entrantIdOf('a.ticket'));
  });
});
