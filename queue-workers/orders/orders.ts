/**
 * From `claims.won` to rows: a batch of claims is one transaction, its offsets are committed after it. A claim that
 * comes again finds its order. A message that can never be written goes to the dead letters with its reason, the rest goes on.
 */

import { decodeEvent, encodeEvent } from '../../contracts/events/codec.ts';
import type { EventOf } from '../../contracts/events/registry.ts';
import type { IdSource } from '../../contracts/ids.ts';
import { deadLetterTopic, topicName } from '../../contracts/topics.ts';
import { type DropOrder, insertDropOrders } from '../../db/queries/insert-drop-orders.ts';
import { isRefusedData } from '../../db/refused-data.ts';
import type { OutgoingMessage, Publisher, ReceivedMessage } from '../../platform/connections/kafka.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';

export interface OrdersOptions {
  readonly database: Database;
  /** For dead letters. */
  readonly publisher: Publisher;
  readonly topicPrefix: string;
  readonly nextId: IdSource;
  readonly log: Logger;
  readonly metrics: OrdersMetrics;
}

export interface OrdersMetrics {
  written(count: number, seconds: number): void;
  repeated(count: number): void;
  dead(): void;
}

interface Claim {
  readonly message: ReceivedMessage;
  readonly order: DropOrder;
}

/** Rejects when the database or Kafka cannot be reached: the same messages come again. */
export async function writeOrders(messages: readonly ReceivedMessage[], options: OrdersOptions): Promise<void> {
  const claims: Claim[] = [];
  const dead: OutgoingMessage[] = [];
  for (const message of messages) {
    const decoded = decodeEvent('claims.won', message.value);
    if (decoded.ok) claims.push({ message, order: orderOf(decoded.event, options.nextId) });
    else dead.push(deadLetter(message, decoded.problem, decoded.reason, options));
  }
  dead.push(...(await write(claims, options)));
  if (dead.length > 0) await options.publisher.publish(dead);
}

/** Halves a batch that the database refuses until the claim that it refuses stands alone. */
async function write(claims: readonly Claim[], options: OrdersOptions): Promise<OutgoingMessage[]> {
  if (claims.length === 0) return [];
  const startedAtMs = performance.now();
  try {
    const orders = claims.map(({ order }) => order);
    const fresh = await withTransaction(options.database, (client) => insertDropOrders(client, orders));
    options.metrics.written(fresh.size, (performance.now() - startedAtMs) / 1_000);
    options.metrics.repeated(claims.length - fresh.size);
    return [];
  } catch (error) {
    if (!isRefusedData(error)) throw error;
    const [only, another] = claims;
    if (only !== undefined && another === undefined) {
      return [deadLetter(only.message, 'REFUSED_BY_DATABASE', error.message, options)];
    }
    const half = Math.ceil(claims.length / 2);
    return [...(await write(claims.slice(0, half), options)), ...(await write(claims.slice(half), options))];
  }
}

function orderOf({ data }: EventOf<'claims.won'>, nextId: IdSource): DropOrder {
  const { claimId, dropId, region, shopperId, sku, title, quantity, unitPrice, currency, claimedAt, holdUntil } = data;
  const event = encodeEvent({
    type: 'order.created',
    v: 1,
    id: nextId(),
    at: claimedAt,
    data: {
      orderId: claimId,
      claimId,
      dropId,
      shopperId,
      status: 'PENDING',
      total: unitPrice * quantity,
      currency,
      items: [{ sku, quantity, unitPrice }],
    },
  });
  return {
    ...{ claimId, dropId, region, shopperId, sku, quantity, currency, event },
    claimKey: data.key,
    productTitle: title,
    unitPriceMinor: unitPrice,
    claimedAtMs: claimedAt,
    holdUntilMs: holdUntil,
  };
}

function deadLetter(
  message: ReceivedMessage,
  problem: string,
  reason: string,
  options: OrdersOptions,
): OutgoingMessage {
  const { topic, partition, offset } = message;
  options.metrics.dead();
  options.log.error({ topic, partition, offset, problem, reason }, 'a message was set aside');
  return {
    topic: topicName(options.topicPrefix, deadLetterTopic('claims.won')),
    key: message.key,
    value: message.value,
    headers: { problem, reason, source: `${topic}/${partition}@${offset}` },
  };
}
