/** Units of blocked orders go back to the stock. */
import { LIMITS } from '../../contracts/limits.ts';
import type { BlockedOrder } from '../../db/queries/find-blocked-orders.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Holds } from '../../reservation-core/holds.ts';

export interface ReleaseOptions {
  readonly holds: Pick<Holds, 'release'>;
  readonly log: Logger;
  readonly metrics: { unreleased(count: number): void };
}

/**
 * Can be repeated: a hold ends once. Where Redis cannot be reached, the hold ends by itself when its time is over, so one
 * region that is gone does not keep the orders of the others waiting.
 */
export async function releaseBlocked(orders: readonly BlockedOrder[], options: ReleaseOptions): Promise<void> {
  const byStock = Map.groupBy(orders, ({ dropId, region }) => `${dropId}:${region}`);
  for (const group of byStock.values()) {
    for (let from = 0; from < group.length; from += LIMITS.expireBatch) {
      await releaseSome(group.slice(from, from + LIMITS.expireBatch), options);
    }
  }
}

async function releaseSome(orders: readonly BlockedOrder[], { holds, log, metrics }: ReleaseOptions): Promise<void> {
  const [first] = orders;
  if (first === undefined) return;
  const { dropId, region } = first;
  try {
    const ids = orders.map(({ orderId }) => orderId);
    await holds.release(dropId, region, ids, 'cancelled');
  } catch (error) {
    metrics.unreleased(orders.length);
    log.warn({ err: error, dropId, region, holds: orders.length }, 'holds of blocked orders could not be released');
  }
}
