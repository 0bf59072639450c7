/** Who looks at what is for everybody: their own reviews, and a moderator all of them, are shown in every state. */
import type { FastifyRequest } from 'fastify';
import { LIMITS } from '../../contracts/limits.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import type { StoreServices } from '../services.ts';

const BEARER = /^Bearer (?<token>[A-Za-z0-9._-]+)$/;

/** Undefined for who says nothing, or is no longer believed: such a one sees what everybody sees. */
export async function viewerOf(
  { accessTokens }: Pick<StoreServices, 'accessTokens'>,
  request: FastifyRequest,
): Promise<Identity | undefined> {
  const token = BEARER.exec(request.headers.authorization ?? '')?.groups?.['token'];
  if (token === undefined || token.length > LIMITS.accessTokenChars) return undefined;
  const identity = await accessTokens.verify(token);
  return identity?.kind === 'user' ? identity : undefined;
}

export function maySeeUnpublished(viewer: Identity | undefined, authorId: string): boolean {
  if (viewer === undefined) return false;
  return viewer.userId === authorId || viewer.role === 'admin' || viewer.role === 'support';
}
