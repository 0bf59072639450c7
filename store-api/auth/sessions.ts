/**
 * Sign-ins and the tokens that keep them. A refresh token is random, lives here only as its hash, and is exchanged once.
 *
 * The same one twice is either a thief or the same client that asked twice at once (two tabs, an answer that got lost).
 * Decided so: within `refreshGraceMs` of its exchange, from the same client at the same address, and as long as nothing
 * that came of it was exchanged itself, it is exchanged once more, a few times at most. Anything else ends the session,
 * for thief and owner alike: nobody can tell which of them is which, and only one of them knows the password.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IdSource } from '../../contracts/ids.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { findUser, type StoredUser } from '../../db/queries/find-user.ts';
import {
  endOldSessions,
  endSessionOfToken,
  endSessions,
  insertRefreshToken,
  insertSession,
  lockRefreshToken,
  type PresentedToken,
  touchSession,
  useRefreshToken,
} from '../../db/queries/sessions.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import type { AccessTokens } from '../../platform/tokens/access-token.ts';

/** How a client is recognised. */
export interface Client {
  readonly userAgent: string;
  readonly address: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
}

export type Refreshed =
  | { readonly outcome: 'refreshed'; readonly tokens: Tokens }
  | { readonly outcome: 'blocked' }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'reused'; readonly sessionId: string };

export interface Sessions {
  open(user: Pick<StoredUser, 'id' | 'role'>, client: Client): Promise<Tokens>;
  refresh(refreshToken: string, client: Client): Promise<Refreshed>;
  end(refreshToken: string): Promise<void>;
}

const CLIENT_CHARS = 200;
const TOKEN_BYTES = 32;
export const REFRESH_TOKEN_PATTERN = '^[A-Za-z0-9_-]{43}$';

export interface SessionParts {
  readonly database: Database;
  readonly accessTokens: AccessTokens;
  readonly clock: Clock;
  readonly nextId: IdSource;
}

export function createSessions({ database, accessTokens, clock, nextId }: SessionParts): Sessions {
  async function issue(client: DatabaseClient, { sessionId, userId, role, parent, now }: IssuedFor): Promise<Tokens> {
    const refreshToken = randomBytes(TOKEN_BYTES).toString('base64url');
    const hash = hashOf(refreshToken);
    await insertRefreshToken(client, { hash, sessionId, parent, now, expiresAt: lifeFrom(now) });
    const { accessToken, expiresInSeconds } = await accessTokens.issue({ userId, kind: 'user', role, sessionId });
    return { accessToken, refreshToken, expiresIn: expiresInSeconds };
  }

  return {
    open: ({ id: userId, role }, { userAgent, address }) =>
      withTransaction(database, async (client) => {
        const [sessionId, now] = [nextId(), new Date(clock.now())];
        const expiresAt = lifeFrom(now);
        await insertSession(client, { id: sessionId, userId, client: clip(userAgent), address, now, expiresAt });
        await endOldSessions(client, { userId, keep: LIMITS.sessionsPerUser, now });
        return await issue(client, { sessionId, userId, role, parent: null, now });
      }),

    refresh: (refreshToken, from) =>
      withTransaction(database, async (client): Promise<Refreshed> => {
        const [parent, now] = [hashOf(refreshToken), new Date(clock.now())];
        const presented = await lockRefreshToken(client, parent);
        if (presented === undefined || presented.endedAt !== null || presented.expiresAt <= now) {
          return { outcome: 'unknown' };
        }
        const { sessionId, userId } = presented;
        if (!mayBeExchanged(presented, from, now)) {
          await endSessions(client, { userId, only: sessionId, by: 'reuse', now });
          return { outcome: 'reused', sessionId };
        }
        const user = await findUser(client, userId);
        if (user?.status !== 'active') {
          await endSessions(client, { userId, by: 'blocked', now });
          return { outcome: 'blocked' };
        }
        await useRefreshToken(client, parent, now);
        await touchSession(client, { id: sessionId, now, expiresAt: lifeFrom(now), address: from.address });
        const tokens = await issue(client, { sessionId, userId, role: user.role, parent, now });
        return { outcome: 'refreshed', tokens };
      }),

    end: (refreshToken) => endSessionOfToken(database, hashOf(refreshToken), new Date(clock.now())),
  };
}

interface IssuedFor {
  readonly sessionId: string;
  readonly userId: string;
  readonly role: StoredUser['role'];
  readonly parent: Buffer | null;
  readonly now: Date;
}

function mayBeExchanged(presented: PresentedToken, from: Client, now: Date): boolean {
  const { usedAt, isOvertaken, repeats, client, address } = presented;
  if (usedAt === null) return true;
  const isAtOnce = now.getTime() - usedAt.getTime() <= LIFETIMES.refreshGraceMs;
  const isSameClient = client === clip(from.userAgent) && address === from.address;
  return isAtOnce && isSameClient && !isOvertaken && repeats < LIMITS.refreshRepeats;
}

function lifeFrom(now: Date): Date {
  return new Date(now.getTime() + LIFETIMES.refreshTokenMs);
}

function hashOf(refreshToken: string): Buffer {
  return createHash('sha256').update(refreshToken).digest();
}

function clip(userAgent: string): string {
  // Headers may have bytes that are no text; what is stored is only shown.
  return userAgent.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, CLIENT_CHARS);
}
