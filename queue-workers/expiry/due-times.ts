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
      const pipeline = redis.pipeline();
      for (const dropId of dropIds) pipeline.zrange(keys.stock(dropId, region).due, 0, '0', 'WITHSCORES');
      return ((await pipeline.exec()) ?? []).map(([error, first]) => {
        if (error !== null) throw error;
        const score: unknown = Array.isArray(first) ? first[1] : undefined;
        return score === undefined ? undefined : Number(score);
      });
    },
  };
}
