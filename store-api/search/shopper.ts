/** Who searches, where they say so: searching is for everybody, and a token that is old only loses its own order. */
import type { FastifyRequest } from 'fastify';
import { LIMITS } from '../../contracts/limits.ts';
import { findInterests, type Interests } from '../../db/queries/search/find-interests.ts';
import type { StoreServices } from '../services.ts';

const BEARER = /^Bearer (?<token>[A-Za-z0-9._-]+)$/;
export const NO_LIKINGS: Interests = { categories: [], brands: [] };
/** What somebody likes does not change from one search to the next. */
const KEPT_MS = 60_000;

export function createLikings({
  database,
  accessTokens,
  clock,
}: Pick<StoreServices, 'database' | 'accessTokens' | 'clock'>) {
  const remembered = new Map<string, { readonly untilMs: number; readonly interests: Promise<Interests> }>();

  return async (request: FastifyRequest): Promise<Interests> => {
    const token = BEARER.exec(request.headers.authorization ?? '')?.groups?.token;
    if (token === undefined || token.length > LIMITS.accessTokenChars) return NO_LIKINGS;
    const identity = await accessTokens.verify(token);
    if (identity === undefined || identity.kind !== 'user') return NO_LIKINGS;
    const known = remembered.get(identity.userId);
    if (known !== undefined && known.untilMs > clock.now()) return await known.interests;
    // A search without the own order is better than none.
    const interests = findInterests(database, identity.userId).catch(() => NO_LIKINGS);
    remembered.delete(identity.userId);
    remembered.set(identity.userId, { untilMs: clock.now() + KEPT_MS, interests });
    const [oldest] = remembered.keys();
    if (remembered.size > LIMITS.shoppersRemembered && oldest !== undefined) remembered.delete(oldest);
    return await interests;
  };
}
