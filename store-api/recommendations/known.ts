/** What is known of a shopper, in one look at Redis: their list of the model, what they did lately, their cart. */

import { cartKeys } from '../../contracts/cart-keys.ts';
import { formatUuidV7 } from '../../contracts/ids.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { decodeScored, recommendationKeys, type ScoredProduct } from '../../contracts/recommendations.ts';
import { servingKeys } from '../../contracts/recommendations-serving.ts';
import { findHistory } from '../../db/queries/recommendations/find-history.ts';
import { notConnected } from '../../platform/connections/redis.ts';
import { withDeadline } from '../../platform/deadline.ts';
import { decodeCart } from '../cart/stored-cart.ts';
import type { StoreServices } from '../services.ts';

export interface Known {
  /** Undefined for whom the model does not know. */
  readonly list: readonly ScoredProduct[] | undefined;
  /** Products, the newest first. */
  readonly session: readonly string[];
  readonly bought: readonly string[];
  readonly looked: readonly string[];
  /** Articles. */
  readonly cart: readonly string[];
}

type Parts = Pick<StoreServices, 'database' | 'redis' | 'redisPrefix' | 'clock'>;

interface History {
  readonly bought: readonly string[];
  readonly looked: readonly string[];
  readonly cart: readonly string[];
}

export function createKnown({ database, redis, redisPrefix, clock }: Parts) {
  const keys = recommendationKeys(redisPrefix);
  const serving = servingKeys(redisPrefix);

  async function loadHistory(shopperId: string): Promise<History> {
    const sinceMs = Math.max(0, clock.now() - LIFETIMES.recommendationBoughtMs);
    const firstOrderId = formatUuidV7(sinceMs, NO_BYTES);
    const { bought, looked, cart } = await findHistory(database, {
      ...{ shopperId, firstOrderId, most: LIMITS.historyProducts },
    });
    return { bought, looked, cart: cart === null ? [] : articlesIn(cart) };
  }

  async function keptHistory(shopperId: string, kept: Buffer | null | undefined): Promise<History> {
    const known = kept == null ? undefined : readHistory(kept.toString());
    if (known !== undefined) return known;
    const history = await loadHistory(shopperId);
    // Not waited for: who asks next may have it.
    if (redis.status !== 'ready') return history;
    redis
      .set(serving.history(shopperId), JSON.stringify(history), 'PX', LIFETIMES.recommendationHistoryMs)
      .catch(() => undefined);
    return history;
  }

  async function ask(shopperId: string, version: string | undefined) {
    if (redis.status !== 'ready') throw notConnected();
    const lists = version === undefined ? [] : [keys.user(version, shopperId)];
    return await withDeadline(
      Promise.all([
        redis.mgetBuffer(serving.history(shopperId), ...lists),
        redis.lrange(keys.session(shopperId), 0, LIMITS.sessionProducts - 1),
        redis.hmget(cartKeys(redisPrefix, shopperId).cart, 'b'),
      ]),
      LIMITS.recommendationDeadlineMs,
      'what is known of a shopper',
    );
  }

  return {
    /** Never fails: where neither Redis nor the database answers, nothing is known. */
    async of(shopperId: string, version: string | undefined): Promise<Known> {
      const asked = await ask(shopperId, version).catch(() => undefined);
      const [[history, list] = [], session = [], [body] = []] = asked ?? [];
      const { bought, looked, cart } = await keptHistory(shopperId, history).catch(() => NO_HISTORY);
      return {
        list: list == null ? undefined : decodeScored(list, LIMITS.recommendationIdeas),
        // The copy of a cart is newer than the history.
        ...{ session, bought, looked, cart: body == null ? cart : articlesIn(body) },
      };
    },
  };
}

const NO_BYTES = new Uint8Array(10);
const NO_HISTORY: History = { bought: [], looked: [], cart: [] };

/** Of a cart that cannot be read nothing is known; whoever asks for the cart itself is told. */
function articlesIn(body: string): string[] {
  try {
    return decodeCart(1, body).cart.lines.map(({ sku }) => sku);
  } catch {
    return [];
  }
}

/** Written by this same code; another version of it may have written another shape. */
function readHistory(text: string): History | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const [bought, looked, cart] = ['bought', 'looked', 'cart'].map((name) => textsOf(Reflect.get(value, name)));
  if (bought === undefined || looked === undefined || cart === undefined) return undefined;
  return { bought, looked, cart };
}

function textsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((text) => typeof text === 'string') ? value : undefined;
}
