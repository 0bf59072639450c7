/**
 * Sign-ins under way, in Redis: what was sent to the provider until the browser is back, then who it was until the page
 * fetches its tokens. Each is taken out once. The keys are digests, so that who reads them there can do nothing.
 */
import { createHash, randomBytes } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { LIFETIMES } from '../../contracts/limits.ts';
import type { Redis } from '../../platform/connections/redis.ts';
import { Refusal } from '../plugins/problems.ts';

const Begun = Type.Object({
  provider: Type.String(),
  nonce: Type.String(),
  verifier: Type.String(),
  /** The digest of what the browser that began has in its cookie. */
  browser: Type.String(),
  returnTo: Type.String(),
  /** Of the page that began: only who has what it was made of gets the tokens. */
  challenge: Type.String(),
});
export type Begun = Static<typeof Begun>;

const Proved = Type.Object({
  provider: Type.String(),
  challenge: Type.String(),
  issuer: Type.String(),
  subject: Type.String(),
  email: Type.Union([Type.String(), Type.Null()]),
  isEmailVerified: Type.Boolean(),
  name: Type.String(),
});
export type Proved = Static<typeof Proved>;

const begunForm = Compile(Begun);
const isBegun = (value: unknown): value is Begun => begunForm.Check(value);
const provedForm = Compile(Proved);
const isProved = (value: unknown): value is Proved => provedForm.Check(value);

export interface Pending {
  begin(state: string, begun: Begun): Promise<void>;
  takeBegun(state: string): Promise<Begun | undefined>;
  /** The code for it. */
  prove(proved: Proved): Promise<string>;
  takeProved(code: string): Promise<Proved | undefined>;
}

const BYTES = 32;
export const newSecret = () => randomBytes(BYTES).toString('base64url');
export const digestOf = (secret: string) => createHash('sha256').update(secret).digest('base64url');

export function createPending({
  redis,
  redisPrefix,
}: {
  readonly redis: Redis;
  readonly redisPrefix: string;
}): Pending {
  const keyOf = (kind: 'state' | 'code', secret: string) => `${redisPrefix}:{store:oidc:${kind}:${digestOf(secret)}}`;
  const keep = (key: string, value: object, ms: number) => reach(redis.set(key, JSON.stringify(value), 'PX', ms));
  const take = async (key: string): Promise<unknown> => {
    const text = await reach(redis.getdel(key));
    return text === null ? undefined : JSON.parse(text);
  };
  return {
    async begin(state, begun) {
      await keep(keyOf('state', state), begun, LIFETIMES.oidcStateMs);
    },
    async takeBegun(state) {
      const value = await take(keyOf('state', state));
      return isBegun(value) ? value : undefined;
    },
    async prove(proved) {
      const code = newSecret();
      await keep(keyOf('code', code), proved, LIFETIMES.oidcCodeMs);
      return code;
    },
    async takeProved(code) {
      const value = await take(keyOf('code', code));
      return isProved(value) ? value : undefined;
    },
  };
}

/** Without Redis nobody signs in elsewhere: it could not be said whether a code was used before. */
async function reach<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch {
    throw new Refusal('UNAVAILABLE', { detail: 'Signing in elsewhere is not possible at this moment.' });
  }
}
