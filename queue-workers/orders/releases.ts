/** From `claims.released` to cancelled orders: a hold that ended without a sale ends its order. */
import { decodeEvent, encodeEvent } from '../../contracts/events/codec.ts';
import type { EventOf } from '../../contracts/events/registry.ts';
import type { IdSource } from '../../contracts/ids.ts';
import { noticeEvent } from '../../contracts/notices.ts';
import type { OrderState } from '../../contracts/orders/states.ts';
import { endPayments } from '../../db/queries/end-payments.ts';
import { findOrderHeads, type OrderHead } from '../../db/queries/find-order-heads.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { stepOrders } from '../../db/queries/step-orders.ts';
import type { Publisher, ReceivedMessage } from '../../platform/connections/kafka.ts';
import { type Database, type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { setAside } from './dead-letters.ts';
import type { Unusable } from './read-claims.ts';

export interface ReleasesOptions {
  readonly database: Database;
  readonly publisher: Publisher;
  readonly topicPrefix: string;
  readonly nextId: IdSource;
  readonly log: Logger;
  readonly metrics: ReleasesMetrics;
}

export interface ReleasesMetrics {
  cancelled(count: number): void;
  /** Of claims whose orders are not there yet: left to reconciliation. */
  early(count: number): void;
  dead(): void;
}

type Release = EventOf<'claims.released'>;

/** Rejects when the database or Kafka cannot be reached: the same messages come again. */
export async function cancelReleased(messages: readonly ReceivedMessage[], options: ReleasesOptions): Promise<void> {
  // A claim is released once, so what is here twice is the same delivered twice.
  const releases = new Map<string, Release>();
  const unusable: Unusable[] = [];
  for (const message of messages) {
    const decoded = decodeEvent('claims.released', message.value);
    if (decoded.ok) releases.set(decoded.event.data.claimId, decoded.event);
    else unusable.push({ message, problem: decoded.problem, reason: decoded.reason });
  }
  if (releases.size > 0) {
    const { cancelled, early } = await withTransaction(options.database, (client) => cancel(client, releases, options));
    options.metrics.cancelled(cancelled);
    options.metrics.early(early);
  }
  await setAside('claims.released', unusable, options);
}

async function cancel(
  client: DatabaseClient,
  releases: ReadonlyMap<string, Release>,
  options: ReleasesOptions,
): Promise<{ cancelled: number; early: number }> {
  const all = [...releases.values()];
  const pending = await stepFrom('PENDING', all, client, options);
  const others = all.filter(({ data }) => !pending.has(data.claimId));
  const inReview = others.length === 0 ? new Set<string>() : await stepFrom('REVIEW', others, client, options);
  const cancelled = [...pending, ...inReview];
  await endPayments(client, cancelled);
  const heads = await findOrderHeads(client, [...releases.keys()]);
  const made = new Set(cancelled);
  await insertOutbox(
    client,
    heads.filter(({ id }) => made.has(id)).flatMap((head) => noticesOf(head, releases, options)),
  );
  return { cancelled: cancelled.length, early: releases.size - heads.length };
}

async function stepFrom(
  from: OrderState,
  releases: readonly Release[],
  client: DatabaseClient,
  { nextId }: ReleasesOptions,
): Promise<ReadonlySet<string>> {
  const to = 'CANCELLED';
  const steps = releases.map(({ at, data: { claimId: orderId, shopperId, reason } }) => ({
    ...({ orderId, from, to, reason, atMs: at, actor: 'orders' } as const),
    event: encodeEvent({
      type: 'order.status',
      v: 1,
      id: nextId(),
      at,
      data: { orderId, claimId: orderId, shopperId, from, to, reason },
    }),
  }));
  return await stepOrders(client, steps);
}

/** Who did not pay in time is told; who declined or cancelled knows. */
function noticesOf(head: OrderHead, releases: ReadonlyMap<string, Release>, { nextId }: ReleasesOptions) {
  const release = releases.get(head.id);
  if (release?.data.reason !== 'expired' || !head.hasMail) return [];
  const { shopperId: userId } = release.data;
  const values = { orderId: head.id, title: head.title, quantity: head.quantity };
  const text = noticeEvent({ template: 'hold-expired', userId, eventId: nextId(), at: release.at, values });
  return [{ topic: 'notification.email', key: userId, text }];
}
