/** What a shopper looks at in this session: for half an hour, in Redis alone. Nobody waits for it, and nothing needs it. */
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { recommendationKeys } from '../../contracts/recommendations.ts';
import { servingKeys } from '../../contracts/recommendations-serving.ts';
import type { StoreServices } from '../services.ts';

type Parts = Pick<StoreServices, 'redis' | 'redisPrefix'>;

export function noteInSession({ redis, redisPrefix }: Parts, shopperId: string, productId: string): void {
  if (redis.status !== 'ready') return;
  const session = recommendationKeys(redisPrefix).session(shopperId);
  redis
    .pipeline()
    .lrem(session, 0, productId)
    .lpush(session, productId)
    .ltrim(session, 0, LIMITS.sessionProducts - 1)
    .pexpire(session, LIFETIMES.recommendationSessionMs)
    // What an account looked at is in its history too.
    .del(servingKeys(redisPrefix).history(shopperId))
    .exec()
    .catch(() => undefined);
}

/** A guest who signs in goes on with what they looked at; what they did on their account before stays. */
export async function takeSessionAlong(
  { redis, redisPrefix }: Parts,
  { userId, guestId }: { readonly userId: string; readonly guestId: string },
): Promise<void> {
  const { session } = recommendationKeys(redisPrefix);
  await redis.copy(session(guestId), session(userId));
}
