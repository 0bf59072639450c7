/** What Redis has of a person: their cart, what is recommended to them, and their places in lines. */
import { cartKeys } from '../../contracts/cart-keys.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { decodeScored, recommendationKeys, type ScoredProduct } from '../../contracts/recommendations.ts';
import { servingKeys } from '../../contracts/recommendations-serving.ts';
import type { Drops } from '../../reservation-core/drops.ts';
import type { Keys } from '../../reservation-core/keys.ts';
import type { Line } from '../../reservation-core/line.ts';
import type { Shards } from '../../reservation-core/shards.ts';

export interface LiveThings {
  /** For an export, as lists. */
  of(userId: string): Promise<readonly { readonly name: string; readonly rows: readonly unknown[] }[]>;
  /** Takes it away, and says how much that was. Again without harm. */
  erase(userId: string): Promise<Readonly<Record<string, number>>>;
}

interface Place {
  readonly dropId: string;
  readonly lane: string;
  readonly region: string;
  /** A number, `lobby`, or 0 for one that was given up. */
  readonly place: string;
}

export interface LiveOptions {
  readonly shards: Pick<Shards, 'home'>;
  readonly keys: Keys;
  readonly drops: Pick<Drops, 'ids'>;
  readonly line: Pick<Line, 'leave'>;
  readonly prefix: string;
}

export function createLiveThings({ shards, keys, drops, line, prefix }: LiveOptions): LiveThings {
  const { redis } = shards.home;
  const recommend = recommendationKeys(prefix);
  const dropIds = async () => [...(await drops.ids())].slice(0, LIMITS.privacyDrops);

  async function placesOf(userId: string): Promise<Place[]> {
    const found: Place[] = [];
    for (const dropId of await dropIds()) {
      const record = await redis.hget(keys.line(dropId).places, userId);
      if (record === null) continue;
      // place|lane|region|…, as lua/lib/place has it.
      const [place = '', lane = '', region = ''] = record.split('|');
      found.push({ dropId, lane, region, place });
    }
    return found;
  }

  async function recommendedTo(userId: string): Promise<readonly ScoredProduct[]> {
    const version = await redis.get(recommend.current);
    const list = version === null ? null : await redis.getBuffer(recommend.user(version, userId));
    return (list === null ? undefined : decodeScored(list)) ?? [];
  }

  async function keysOf(userId: string): Promise<string[]> {
    const version = await redis.get(recommend.current);
    const list = version === null ? [] : [recommend.user(version, userId)];
    const { cart, writing } = cartKeys(prefix, userId);
    return [cart, writing, recommend.session(userId), servingKeys(prefix).history(userId), ...list];
  }

  return {
    async of(userId) {
      const [version, body] = await redis.hmget(cartKeys(prefix, userId).cart, 'v', 'b');
      const cart = body === null || body === undefined ? [] : [{ version: Number(version), cart: jsonOf(body) }];
      return [
        { name: 'liveCart', rows: cart },
        { name: 'placesInLines', rows: await placesOf(userId) },
        { name: 'recommended', rows: await recommendedTo(userId) },
        { name: 'lookedAtLately', rows: await redis.lrange(recommend.session(userId), 0, -1) },
      ];
    },
    async erase(userId) {
      let left = 0;
      for (const { dropId, place } of await placesOf(userId)) {
        if (place === '0') continue;
        // A pass in hand ends by itself within minutes; the second look finds its place.
        const outcome = await line.leave(dropId, userId, 'left');
        if (outcome.ok && outcome.reply.reply === 'LEFT') left += 1;
      }
      let deleted = 0;
      // One at a time: they are not of one slot.
      for (const key of await keysOf(userId)) deleted += await redis.del(key);
      return { redisKeys: deleted, placesLeft: left };
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
