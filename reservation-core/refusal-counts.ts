/**
 * How often shoppers of a drop were refused, by code, for its merchant to see. Each edge adds up its own and writes the sums
 * once a second: never on the way of a claim. A sum that is lost is a figure that is a little lower.
 */
import { INTERVALS, LIFETIMES, LIMITS } from '../contracts/limits.ts';
import type { Keys } from './keys.ts';
import type { Shards } from './shards.ts';

export interface RefusalCounts {
  note(dropId: string, code: string): void;
}

export function createRefusalCounts({ shards, keys }: { shards: Shards; keys: Keys }): RefusalCounts {
  let drops = new Map<string, Map<string, number>>();

  async function flush(): Promise<void> {
    const written = drops;
    drops = new Map();
    await Promise.all([...written].map(([dropId, counts]) => write(dropId, counts)));
  }

  async function write(dropId: string, counts: ReadonlyMap<string, number>): Promise<void> {
    const { refusals } = keys.line(dropId);
    const pipeline = shards.home.redis.pipeline();
    for (const [code, count] of counts) pipeline.hincrby(refusals, code, count);
    pipeline.pexpire(refusals, LIFETIMES.dropKeysAfterEndMs);
    // The connection says for itself that it is lost.
    await pipeline.exec().catch(() => undefined);
  }

  return {
    note(dropId, code) {
      let counts = drops.get(dropId);
      if (counts === undefined) {
        if (drops.size >= LIMITS.dropCacheEntries) return;
        if (drops.size === 0) setTimeout(flush, INTERVALS.refusalsEveryMs).unref();
        counts = new Map();
        drops.set(dropId, counts);
      }
      counts.set(code, (counts.get(code) ?? 0) + 1);
    },
  };
}

/** Since the drop began. */
export async function readRefusalCounts(
  { shards, keys }: { readonly shards: Shards; readonly keys: Keys },
  dropId: string,
): Promise<Readonly<Record<string, number>>> {
  const counts = await shards.home.redis.hgetall(keys.line(dropId).refusals);
  return Object.fromEntries(Object.entries(counts).map(([code, count]) => [code, Number(count)]));
}
