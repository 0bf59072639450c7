/** What an experiment showed to a shopper: only what they were shown can be clicked by them, or bought because of it. */
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { servingKeys } from '../../contracts/recommendations-serving.ts';
import { withDeadline } from '../../platform/deadline.ts';
import type { StoreServices } from '../services.ts';

type Parts = Pick<StoreServices, 'redis' | 'redisPrefix' | 'clock'>;

/** Nobody waits for it: what is lost is an order that is not counted. */
export function rememberShown(
  { redis, redisPrefix, clock }: Parts,
  experiment: string,
  shopperId: string,
  products: readonly { readonly id: string }[],
): void {
  if (redis.status !== 'ready') return;
  const key = servingKeys(redisPrefix).shown(experiment, shopperId);
  const nowMs = clock.now();
  redis
    .pipeline()
    // The first time within the day counts: who is shown it again after buying it was shown it before, too.
    .zremrangebyscore(key, 0, nowMs - LIFETIMES.attributionMs)
    .zadd(key, 'NX', ...products.flatMap(({ id }) => [nowMs, id]))
    .zremrangebyrank(key, 0, -(LIMITS.shownProducts + 1))
    .pexpire(key, LIFETIMES.attributionMs)
    .exec()
    .catch(() => undefined);
}

export async function wasShown(
  { redis, redisPrefix, clock }: Parts,
  experiment: string,
  shopperId: string,
  productId: string,
): Promise<boolean> {
  if (redis.status !== 'ready') return false;
  const key = servingKeys(redisPrefix).shown(experiment, shopperId);
  const asked = withDeadline(redis.zscore(key, productId), LIMITS.recommendationDeadlineMs, 'what was shown');
  const atMs = await asked.catch(() => null);
  return atMs !== null && clock.now() - Number(atMs) < LIFETIMES.attributionMs;
}
