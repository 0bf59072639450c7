import { describe, expect, it } from 'vitest';
import { solve, UnsolvedError } from '../../contracts/challenge/solve.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { createChallenges } from './challenge.ts';
import { HIGHEST_LEVEL, levelOf, triesOf } from './suspicion.ts';

const SECRET = 'a secret of at least 32 characters';
const clock = { now: () => Date.now() };
const challenges = createChallenges({ secret: SECRET, clock });

/** The proof with something in it changed, signatures left as they are. */
function tampered(proof: string, change: (text: string) => string): string {
  return btoa(change(atob(proof)));
}

describe('a challenge', () => {
  it('is solved, verified by any edge, for the level that was asked', async () => {
    const proof = await solve(await challenges.issue('drop', 2));
    expect(proof.length).toBeLessThanOrEqual(LIMITS.proofChars);
    const elsewhere = createChallenges({ secret: SECRET, clock });
    expect(await elsewhere.verify('drop', proof)).toMatchObject({ ok: true, level: 2 });
  });

  it('counts for its drop, its time and its installation only', async () => {
    const proof = await solve(await challenges.issue('drop', 1));
    expect(await challenges.verify('other', proof)).toEqual({ ok: false, why: 'other drop' });
    const later = { now: () => Date.now() + LIMITS.challengeMs };
    expect(await createChallenges({ secret: SECRET, clock: later }).verify('drop', proof)).toEqual({
      ok: false,
      why: 'expired',
    });
    const others = createChallenges({ secret: 'another secret of 32 characters …', clock });
    expect(await others.verify('drop', proof)).toEqual({ ok: false, why: 'forged' });
  });

  it('cannot be made easier, longer or be answered with a guess', async () => {
    const proof = await solve(await challenges.issue('drop', 1));
    const verify = (change: (text: string) => string) => challenges.verify('drop', tampered(proof, change));
    expect(await verify((text) => text.replace('"level":1', '"level":5'))).toMatchObject({ why: 'forged' });
    expect(await verify((text) => text.replace('"cost":100', '"cost":1'))).toMatchObject({ why: 'forged' });
    expect(await verify((text) => text.replace(/"expiresAt":\d/, '"expiresAt":9'))).toMatchObject({ why: 'forged' });
    const guess = (text: string): string =>
      text.replace(/"derivedKey":"[0-9a-f]{32}"/, `"derivedKey":"${'0'.repeat(32)}"`);
    expect(await verify(guess)).toMatchObject({ why: 'wrong' });
  });

  it.each(['', 'x', '{}', btoa('{}'), btoa('[]'), btoa('null'), btoa('{"challenge":{}}'), 'A'.repeat(5_000)])(
    'is not answered by %s',
    async (proof) => expect(await challenges.verify('drop', proof)).toEqual({ ok: false, why: 'malformed' }),
  );

  it('is given up by its solver in time, when told, and when it is none', async () => {
    const hard = await challenges.issue('drop', HIGHEST_LEVEL);
    await expect(solve(hard, { signal: AbortSignal.abort() })).rejects.toThrow(UnsolvedError);
    await expect(solve('{"parameters":{}}')).rejects.toThrow('no challenge');
  });
});

describe('suspicion', () => {
  it('asks for nothing, then for more and more, then for no more than a phone can do', () => {
    expect([0, 99, 100, 199, 200, 400, 800, 1_000_000].map((used) => levelOf('auto', used))).toEqual([
      0, 0, 1, 1, 2, 3, 4, 5,
    ]);
    expect(levelOf('always', 0)).toBe(1);
    expect(levelOf('always', 500)).toBe(levelOf('auto', 500));
    expect(levelOf('off', 1_000_000)).toBe(0);
    expect([1, 2, 3].map(triesOf)).toEqual([1_024, 2_048, 4_096]);
    expect(triesOf(HIGHEST_LEVEL + 10)).toBe(triesOf(HIGHEST_LEVEL));
  });
});
