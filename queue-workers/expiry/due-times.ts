/** When the next hold of each drop ends. */
import type { Redis } from '../../platform/connections/redis.ts';
import type { Keys } from '../../reservation-core/keys.ts';

export interface DueTimes {
  /** In the order of the drops; undefined where nothing is held. One round trip. */
  next(dropIds: readonly string[]): Promise<(number | undefined)[]>;
}

export function createDueTimes(redis: Redis, keys: Keys, region: string): DueTimes {
  return {
    async next(dropIds) {
      // Not a pipeline: in a cluster each drop may be on another node.
      const asked = dropIds.map((dropId) => redis.zrange(keys.stock(dropId, region).due, 0, '0', 'WITHSCORES'));
      return (await Promise.all(asked)).map(([, score]) => (score === undefined ? undefined : Number(score)));
    },
  };
}
