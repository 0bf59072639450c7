/** Who asks, from the bearer token. */
import type { FastifyRequest } from 'fastify';
import { DropgateError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { AccessTokens, Identity } from '../../platform/tokens/access-token.ts';

const BEARER = /^Bearer (?<token>[A-Za-z0-9._-]+)$/;

/** Rejects with UNAUTHENTICATED where there is no token of ours. */
export async function authenticate(tokens: AccessTokens, request: FastifyRequest): Promise<Identity> {
  const token = BEARER.exec(request.headers.authorization ?? '')?.groups?.token;
  const known = token !== undefined && token.length <= LIMITS.accessTokenChars;
  const identity = known ? await tokens.verify(token) : undefined;
  if (identity === undefined) throw new DropgateError('UNAUTHENTICATED', 'No valid access token.');
  return identity;
}
