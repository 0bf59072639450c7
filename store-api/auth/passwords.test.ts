import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { createPasswords } from './passwords.ts';

describe('passwords', () => {
  it('are compared, whatever keyboard they were typed on, and nobody’s match nothing', async () => {
    const passwords = createPasswords();
    const stored = await passwords.hash('naïve and long');
    expect(await passwords.matches(stored, 'nai\u0308ve and long')).toBe(true);
    expect(await passwords.matches(stored, 'naive and long')).toBe(false);
    expect(await passwords.matches(null, 'naïve and long')).toBe(false);
    expect(await passwords.matches(undefined, '')).toBe(false);
  });

  it('are hashed a bounded number at a time, and a storm beyond what may wait is sent away at once', async () => {
    const passwords = createPasswords();
    const room = LIMITS.passwordsAtOnce + LIMITS.passwordsWaiting;
    const stored = await passwords.hash('one of many');
    const settled = await Promise.allSettled(
      Array.from({ length: room + 25 }, () => passwords.matches(stored, 'one of many')),
    );
    const refused = settled.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(25);
    expect(refused.every(({ reason }) => reason.code === 'BUSY')).toBe(true);
    expect(settled.filter((result) => result.status === 'fulfilled' && result.value)).toHaveLength(room);
    expect(await passwords.matches(stored, 'one of many')).toBe(true);
  });
});
