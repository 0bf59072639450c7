/**
 * Finds the idempotency key under which a claim was made, where Redis still has it: in the entry of its shopper
 * (lua/lib/taken.lua) when it was their first, otherwise among the answers.
 */
import { LIMITS } from '../contracts/limits.ts';
import type { Keys } from './keys.ts';
import { requireRegion, type Shards } from './shards.ts';

export interface ClaimOfShopper {
  readonly claimId: string;
  readonly shopperId: string;
}

/** By claim. Walks through the answers once when an entry does not tell: for a few claims that something is wrong with. */
export async function findClaimKeys(
  { shards, keys }: { readonly shards: Shards; readonly keys: Keys },
  dropId: string,
  region: string,
  claims: readonly ClaimOfShopper[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (claims.length === 0) return found;
  const { redis } = requireRegion(shards, region);
  const { taken, answers } = keys.stock(dropId, region);
  const records = await redis.hmget(taken, ...claims.map(({ shopperId }) => shopperId));
  claims.forEach(({ claimId }, at) => {
    // units|void|key|sku|quantity|claim|until
    const [, , key, , , first] = (records[at] ?? '').split('|');
    if (key !== undefined && first === claimId) found.set(claimId, key);
  });
  const shopperOf = new Map(claims.map(({ claimId, shopperId }) => [claimId, shopperId]));
  for (const claimId of found.keys()) shopperOf.delete(claimId);
  let from = '0';
  while (shopperOf.size > 0) {
    const [next, flat] = await redis.hscan(answers, from, 'COUNT', LIMITS.holdsPage);
    for (let at = 0; at + 1 < flat.length; at += 2) {
      // shopper:key → sku|quantity|claim|until
      const claimId = flat[at + 1]?.split('|')[2] ?? '';
      const shopperId = shopperOf.get(claimId);
      if (shopperId === undefined || flat[at]?.startsWith(`${shopperId}:`) !== true) continue;
      found.set(claimId, flat[at]?.slice(shopperId.length + 1) ?? '');
      shopperOf.delete(claimId);
    }
    if (next === '0') break;
    from = next;
  }
  return found;
}
