/**
 * A shopper was told `claimed`, and no order was ever made: its event was lost on the way. It is published once more, from
 * what Redis knows of it; the orders worker makes the order. One whose hold has ended becomes an order too, and is then
 * cancelled (order-without-hold): a shopper who saw `claimed` is told what became of it (invariant 2).
 */
import { encodeEvent } from '../../../contracts/events/codec.ts';
import { timeOfId } from '../../../contracts/ids.ts';
import { topicName } from '../../../contracts/topics.ts';
import { knownOrders } from '../../../db/queries/audited-orders.ts';
import type { OutgoingMessage } from '../../../platform/connections/kafka.ts';
import { findClaimKeys } from '../../../reservation-core/claim-keys.ts';
import { createDrops } from '../../../reservation-core/drops.ts';
import type { HoldRecord } from '../../../reservation-core/hold-states.ts';
import { requireRegion } from '../../../reservation-core/shards.ts';
import type { Finding, ReconcileCore } from '../core.ts';
import type { RegionOfDrop } from '../order-sweep.ts';

/** Those of a page of holds that have no order, and are old enough to have one. */
export async function holdsWithoutOrder(
  core: ReconcileCore,
  place: RegionOfDrop,
  holds: readonly HoldRecord[],
): Promise<HoldRecord[]> {
  const beforeMs = core.clock.now() - core.graceMs;
  const old = holds.filter(({ claimId }) => timeOfId(claimId) < beforeMs);
  if (old.length === 0) return [];
  const known = await knownOrders(
    core.database,
    old.map(({ claimId }) => claimId),
  );
  const without = old.filter(({ claimId }) => !known.has(claimId));
  if (without.length === 0) return [];
  const relayedMs = await relayedUntil(core, place);
  return without.filter(({ claimId }) => timeOfId(claimId) < relayedMs - core.graceMs);
}

/** Everything that entered the outbox before this moment is in Kafka. */
async function relayedUntil({ shards, keys, clock }: ReconcileCore, { dropId, region }: RegionOfDrop): Promise<number> {
  const { outbox } = keys.stock(dropId, region);
  const [oldest] = await requireRegion(shards, region).redis.xrange(outbox, '-', '+', 'COUNT', 1);
  return oldest === undefined ? clock.now() : Number.parseInt(oldest[0], 10);
}

export function findingOf({ claimId, state, quantity, sku }: HoldRecord): Finding {
  const what = `${quantity} of ${sku} are ${state}, and there is no order`;
  return { kind: 'hold-without-order', id: claimId, orderId: claimId, what };
}

export async function publishAgain(
  core: ReconcileCore,
  { dropId, region }: RegionOfDrop,
  holds: readonly HoldRecord[],
): Promise<ReadonlySet<string>> {
  const drop = await createDrops(core).find(dropId);
  if (drop === undefined || holds.length === 0) return new Set();
  const claimKeys = await findClaimKeys(core, dropId, region, holds);
  const messages = holds.flatMap(({ claimId, sku, quantity, shopperId, untilMs }): OutgoingMessage[] => {
    const item = drop.skus.find((one) => one.sku === sku);
    if (item === undefined) return [];
    const claimedAt = timeOfId(claimId);
    const value = encodeEvent({
      type: 'claims.won',
      v: 2,
      id: claimId,
      at: claimedAt,
      data: {
        ...{ claimId, dropId, region, shopperId, sku, quantity, claimedAt, holdUntil: untilMs, payment: null },
        ...{ title: item.title, unitPrice: item.price, currency: drop.currency },
        key: claimKeys.get(claimId) ?? `recovered:${claimId}`,
      },
    });
    return [{ topic: topicName(core.topicPrefix, 'claims.won'), key: claimId, value }];
  });
  await core.publisher.publish(messages);
  return new Set(messages.map(({ key }) => key));
}
