/**
 * Challenges that cost a client work, by ALTCHA's scheme. An edge keeps nothing of those it issues: what it has to know is
 * signed into them, so any edge can verify the answer. The key to be found is signed too: verifying derives nothing.
 */
import { createHmac } from 'node:crypto';
import { createChallenge, randomInt, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { Compile } from 'typebox/compile';
import { CHALLENGE_ALGORITHM, Proof } from '../../contracts/challenge/format.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import { ITERATIONS, triesOf } from './suspicion.ts';

const proofOf = Compile(Proof);
const KEY_BYTES = 16;

export interface Challenges {
  issue(dropId: string, level: number): Promise<string>;
  /** Whether it is ours, for this drop, in time and solved; not whether it was used before. */
  verify(dropId: string, proof: string): Promise<Verified>;
}

export type Verified =
  | { readonly ok: true; readonly id: string; readonly level: number; readonly expiresInMs: number }
  | { readonly ok: false; readonly why: 'malformed' | 'other drop' | 'expired' | 'forged' | 'wrong' };

export function createChallenges(options: { readonly secret: string; readonly clock: Clock }): Challenges {
  const { clock } = options;
  const secrets = {
    hmacSignatureSecret: secretFor(options.secret, 'challenge-v1'),
    hmacKeySignatureSecret: secretFor(options.secret, 'challenge-key-v1'),
  };
  return {
    async issue(dropId, level) {
      const challenge = await createChallenge({
        algorithm: CHALLENGE_ALGORITHM,
        cost: ITERATIONS,
        counter: randomInt(triesOf(level)),
        keyLength: KEY_BYTES,
        deriveKey,
        data: { drop: dropId, level },
        expiresAt: Math.floor((clock.now() + LIMITS.challengeMs) / 1_000),
        ...secrets,
      });
      return JSON.stringify(challenge);
    },
    async verify(dropId, proof) {
      const given = read(proof);
      if (given === undefined) return { ok: false, why: 'malformed' };
      const { parameters } = given.challenge;
      if (parameters.data.drop !== dropId) return { ok: false, why: 'other drop' };
      const expiresInMs = parameters.expiresAt * 1_000 - clock.now();
      if (expiresInMs <= 0) return { ok: false, why: 'expired' };
      const { challenge, solution } = given;
      const { counter, derivedKey } = solution;
      const result = await verifySolution({
        challenge,
        solution: { counter, derivedKey },
        deriveKey,
        ...secrets,
      });
      if (result.verified) return { ok: true, id: parameters.nonce, level: parameters.data.level, expiresInMs };
      if (result.expired) return { ok: false, why: 'expired' };
      return { ok: false, why: result.invalidSignature === true ? 'forged' : 'wrong' };
    },
  };
}

function secretFor(secret: string, purpose: string): string {
  return createHmac('sha256', secret).update(purpose).digest('hex');
}

function read(proof: string): Proof | undefined {
  if (proof.length > LIMITS.proofChars) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(proof, 'base64').toString('utf8'));
    return proofOf.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
