/**
 * Counts a batch of one partition. What of the partition is counted, the sums, and the sketches change in one transaction:
 * a batch that comes again, whole or in other pieces, adds nothing. An event that is in the partition twice, as the outbox
 * was published again after a crash, is known by its id.
 */
import { count, type Facts } from '../../commerce/figures/count.ts';
import { addTo, emptySketch } from '../../commerce/figures/sketch.ts';
import { Sums } from '../../commerce/figures/sums.ts';
import { visitOf } from '../../commerce/figures/visits.ts';
import type { IdSource } from '../../contracts/ids.ts';
import type { AnalyticsStore } from '../../db/analytics/store.ts';
import { claimEvents, lockOffset, moveOffset } from '../../db/queries/figures/offsets.ts';
import { lockSketches, type SketchKey, writeSketches } from '../../db/queries/figures/sketches.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ReceivedMessage } from '../../platform/connections/kafka.ts';
import { type Database, type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import { type KnownMerchants, lookUp } from './facts.ts';
import { type ReadFigure, readFigure, type Unread } from './read-figure.ts';

export interface Counter {
  readonly database: Database;
  readonly store: AnalyticsStore;
  readonly clock: Clock;
  readonly nextId: IdSource;
  readonly merchants: KnownMerchants;
  readonly metrics: { counted(count: number): void; passedOver(why: Unread | 'repeated', count: number): void };
}

export async function countBatch(counter: Counter, messages: readonly ReceivedMessage[]): Promise<void> {
  const [first, last] = [messages.at(0), messages.at(-1)];
  if (first === undefined || last === undefined) return;
  const { topic, partition } = first;
  const counted = await withTransaction(counter.database, async (client) => {
    const next = await lockOffset(client, topic, partition);
    const fresh = messages.filter(({ offset }) => Number(offset) >= next);
    counter.metrics.passedOver('repeated', messages.length - fresh.length);
    if (fresh.length === 0) return 0;
    const read = await once(client, counter, readAll(counter, fresh));
    const facts = await lookUp(client, counter.merchants, read);
    const sums = new Sums();
    for (const { atMs, figure } of read) count(sums, atMs, figure, facts);
    await counter.store.add(client, counter.nextId(), sums.rows());
    await noteVisits(client, read, facts);
    await moveOffset(client, topic, partition, Number(last.offset) + 1);
    return read.length;
  });
  counter.metrics.counted(counted);
}

function readAll({ clock, metrics }: Counter, messages: readonly ReceivedMessage[]): ReadFigure[] {
  const nowMs = clock.now();
  return messages.flatMap(({ value }) => {
    const reading = readFigure(value, nowMs);
    if (reading.ok) return [reading.read];
    metrics.passedOver(reading.problem, 1);
    return [];
  });
}

/** Without what was counted before. Only of orders and money: looks are too many to remember each. */
async function once(client: DatabaseClient, { metrics }: Counter, read: readonly ReadFigure[]): Promise<ReadFigure[]> {
  const keys = read.map(keyOf);
  const claimed = new Set(
    await claimEvents(
      client,
      keys.flatMap((key) => key ?? []),
    ),
  );
  // The second of two of one id in this batch finds it taken by the first.
  const fresh = read.filter((_, at) => {
    const key = keys[at];
    return key === undefined || claimed.delete(key);
  });
  metrics.passedOver('repeated', read.length - fresh.length);
  return fresh;
}

function keyOf({ eventId, figure }: ReadFigure): string | undefined {
  switch (figure.name) {
    // By what moved, as the orders tell it too (scripts/analytics).
    case 'payment.captured':
      return figure.values.paymentId ?? eventId;
    case 'refund.done':
      return figure.values.refundId;
    case 'order.placed':
    case 'order.confirmed':
    case 'order.cancelled':
    case 'payment.failed':
      return eventId;
    default:
      return undefined;
  }
}

async function noteVisits(client: DatabaseClient, read: readonly ReadFigure[], facts: Facts): Promise<void> {
  const came = new Map<string, { key: SketchKey; shoppers: Set<string> }>();
  for (const { atMs, figure } of read) {
    const visit = visitOf(figure, facts);
    if (visit === undefined) continue;
    const { stage, shopperId, merchantIds } = visit;
    const day = new Date(atMs).toISOString().slice(0, 10);
    for (const merchantId of merchantIds) {
      const name = `${merchantId} ${day} ${stage}`;
      const of = came.get(name) ?? { key: { merchantId, day, stage }, shoppers: new Set() };
      came.set(name, of);
      of.shoppers.add(shopperId);
    }
  }
  if (came.size === 0) return;
  const keys = [...came.values()].map(({ key }) => key);
  const stored = await lockSketches(client, keys, emptySketch());
  const changed = stored.filter(({ merchantId, day, stage, sketch }) => {
    const shoppers = came.get(`${merchantId} ${day} ${stage}`)?.shoppers ?? new Set<string>();
    return [...shoppers].filter((shopperId) => addTo(sketch, shopperId)).length > 0;
  });
  await writeSketches(client, changed);
}
