/** What the routes of signing in share: forms, and who the client is. */
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import type { StoreServices } from '../services.ts';
import type { Client } from './sessions.ts';
import { REFRESH_TOKEN_PATTERN } from './sessions.ts';

/** Text for people, on one line. */
export const LINE_PATTERN = '^[^\\u0000-\\u001f\\u007f]*$';

export const Email = Type.String({ format: 'email', minLength: 3, maxLength: 254 });
export const Password = Type.String({ minLength: 1, maxLength: LIMITS.passwordChars });
export const PersonName = Type.String({ maxLength: 200, pattern: LINE_PATTERN });
export const RefreshToken = Type.String({ pattern: REFRESH_TOKEN_PATTERN });
export const GuestToken = Type.String({
  maxLength: LIMITS.accessTokenChars,
  description: 'The access token that was used as a guest: what was done with it becomes that of the account.',
});

export const TokensAnswer = Type.Object({
  accessToken: Type.String({ description: 'Send it as Authorization: Bearer.' }),
  refreshToken: Type.String({ description: 'For /auth/refresh, once. It lasts for seven days.' }),
  expiresIn: Type.Integer({ description: 'Seconds that the access token lasts.' }),
});

export function clientOf({ limits }: Pick<StoreServices, 'limits'>, request: FastifyRequest): Client {
  return { userAgent: request.headers['user-agent'] ?? '', address: limits.addressOf(request) };
}

/** A guest token that is over or none at all keeps nobody from signing in. */
export async function takeOverGuest(
  { accessTokens, guests }: Pick<StoreServices, 'accessTokens' | 'guests'>,
  userId: string,
  guestToken: string | undefined,
): Promise<void> {
  const guest = guestToken === undefined ? undefined : await accessTokens.verify(guestToken);
  if (guest?.kind === 'guest') await guests.guestBecame({ userId, guestId: guest.userId });
}
