/**
 * Which paid orders came of an experiment: those with a product that their shopper was shown, or clicked, within the day
 * before. Each order is looked at once, half a minute after its payment, so that what went before has arrived.
 */
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { servingKeys } from '../../contracts/recommendations-serving.ts';
import {
  type Conversion,
  countOrdered,
  type DueLine,
  markOrdersDone,
  takeDueOrders,
} from '../../db/queries/experiments/attribute-orders.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import type { Redis } from '../../platform/connections/redis.ts';
import { dayOf } from './outcomes.ts';

export interface AttributeOptions {
  readonly database: Database;
  readonly redis: Redis;
  readonly redisPrefix: string;
  readonly clock: Clock;
  readonly limit?: number;
}

/** Says how many orders were looked at. While Redis is away they wait: it knows what was shown. */
export async function attributeOrders(options: AttributeOptions): Promise<number> {
  const { database, clock, limit = LIMITS.attributionBatch } = options;
  const nowMs = clock.now();
  return await withTransaction(database, async (client) => {
    const { orderIds, lines } = await takeDueOrders(client, { nowMs, withinMs: LIFETIMES.attributionMs, limit });
    if (orderIds.length === 0) return 0;
    const shown = await wereShown(options, lines);
    await countOrdered(client, conversionsOf(lines.filter((line, at) => line.isClicked || shown[at] === true)));
    await markOrdersDone(client, orderIds, nowMs);
    return orderIds.length;
  });
}

async function wereShown({ redis, redisPrefix }: AttributeOptions, lines: readonly DueLine[]): Promise<boolean[]> {
  const keys = servingKeys(redisPrefix);
  return await Promise.all(
    lines.map(async ({ experiment, shopperId, productId, placedAtMs }) => {
      const atMs = await redis.zscore(keys.shown(experiment, shopperId), productId);
      return atMs !== null && Number(atMs) <= placedAtMs && Number(atMs) > placedAtMs - LIFETIMES.attributionMs;
    }),
  );
}

/** One an order and experiment, with the amount of the lines that came of it. */
function conversionsOf(lines: readonly DueLine[]): Conversion[] {
  const conversions = new Map<string, Conversion>();
  for (const { orderId, experiment, arm, shopperId, placedAtMs, currency, amountMinor } of lines) {
    const name = `${orderId} ${experiment}`;
    const known = conversions.get(name)?.amountMinor ?? 0;
    const conversion = { experiment, arm, shopperId, day: dayOf(placedAtMs), currency };
    conversions.set(name, { ...conversion, amountMinor: known + Math.max(0, amountMinor) });
  }
  return [...conversions.values()];
}
