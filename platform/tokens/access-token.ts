/** Access tokens: made by the store, read by the store and the edge with the same secret. */
import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { isUuidV7 } from '../../contracts/ids.ts';
import type { Clock } from '../clock.ts';
import { readSignedClaims } from './signed-claims.ts';

export const TOKEN_KINDS = ['guest', 'user'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];
export const ROLES = ['shopper', 'merchant', 'admin', 'support'] as const;
export type Role = (typeof ROLES)[number];

export interface Identity {
  readonly userId: string;
  readonly kind: TokenKind;
  readonly role: Role;
  /** Of an account with privileges, such as a lane of its own; none unless given. */
  readonly tier?: string | undefined;
  /** The session of the store that it was made for; guests have none. */
  readonly sessionId?: string | undefined;
}

export interface AccessTokens {
  issue(identity: Identity): Promise<{ accessToken: string; expiresInSeconds: number }>;
  /** Undefined for what is expired, forged or not a token at all: which of them is nobody's business. */
  verify(token: string): Promise<Identity | undefined>;
}

type Claims = Readonly<Record<string, unknown>>;

const ALGORITHM = 'HS256';
const ISSUER = 'dropgate';
const LIFETIME_SECONDS = { guest: 24 * 3_600, user: 15 * 60 } as const;

export function createAccessTokens(options: { secret: string; clock: Clock }): AccessTokens {
  const { clock } = options;
  const key = createSecretKey(Buffer.from(options.secret, 'utf8'));
  return {
    async issue({ userId, kind, role, tier, sessionId }) {
      const nowSeconds = Math.floor(clock.now() / 1_000);
      const expiresInSeconds = LIFETIME_SECONDS[kind];
      const extras = {
        ...(tier === undefined ? {} : { tier }),
        ...(sessionId === undefined ? {} : { sid: sessionId }),
      };
      const accessToken = await new SignJWT({ kind, role, ...extras })
        .setProtectedHeader({ alg: ALGORITHM })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + expiresInSeconds)
        .sign(key);
      return { accessToken, expiresInSeconds };
    },

    async verify(token) {
      const claims = readSignedClaims(token, key, { issuer: ISSUER, nowSeconds: Math.floor(clock.now() / 1_000) });
      return claims === undefined ? undefined : identityIn(claims);
    },
  };
}

function identityIn({ sub: userId, kind: ofKind, role: ofRole, tier, sid }: Claims): Identity | undefined {
  const kind = TOKEN_KINDS.find((name) => name === ofKind);
  const role = ROLES.find((name) => name === ofRole);
  if (typeof userId !== 'string' || !isUuidV7(userId) || kind === undefined || role === undefined) return undefined;
  return {
    ...{ userId, kind, role, tier: typeof tier === 'string' ? tier : undefined },
    ...(typeof sid === 'string' && isUuidV7(sid) ? { sessionId: sid } : {}),
  };
}
