/**
 * The home of a drop, after its loss: the definition, and the region of every shopper who has claimed. That region is where
 * their limit is counted, so it has to be the same again before anybody can join (invariant 5). Who was waiting joins anew.
 */
import type { DropDefinition } from '../../contracts/drop.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { termsPublish } from '../generated/terms-publish.ts';
import type { Keys } from '../keys.ts';
import type { Shards } from '../shards.ts';
import { homeTermsOf } from '../terms.ts';

export async function homeIsLost({ shards, keys }: { shards: Shards; keys: Keys }, dropId: string): Promise<boolean> {
  return (await shards.home.redis.exists(keys.line(dropId).terms)) === 0;
}

export async function restoreHome(options: {
  shards: Shards;
  keys: Keys;
  drop: DropDefinition;
  /** By shopper. */
  regions: ReadonlyMap<string, string>;
}): Promise<void> {
  const { shards, keys, drop, regions } = options;
  const { redis, scripts } = shards.home;
  const { places, terms } = keys.line(drop.id);
  // Place 0 is that of somebody who has left: see lua/line/join.
  const entries = [...regions].map(([shopperId, region]) => [shopperId, `0|${region}`] as const);
  for (let at = 0; at < entries.length; at += LIMITS.rebuildBatch) {
    await redis.hset(places, Object.fromEntries(entries.slice(at, at + LIMITS.rebuildBatch)));
  }
  await termsPublish(scripts, { terms }, { revision: drop.revision }, homeTermsOf(drop));
  await redis.sadd(keys.drops, drop.id);
}
