/** What an outbox entry becomes in Kafka. */

import type { DropDefinition } from '../../contracts/drop.ts';
import { decodeEvent, encodeEvent } from '../../contracts/events/codec.ts';
import { isUuidV7, timeOfId } from '../../contracts/ids.ts';
import { deadLetterTopic, type Topic, topicName } from '../../contracts/topics.ts';
import type { OutgoingMessage } from '../../platform/connections/kafka.ts';
import type { OutboxEntry } from './stream.ts';

/** The outbox of one (drop, region). */
export interface Outbox {
  readonly stream: string;
  readonly drop: DropDefinition;
  readonly region: string;
}

export interface Unreadable {
  readonly reason: string;
}

export interface Translated {
  readonly messages: readonly OutgoingMessage[];
  /** Fields that go to the dead letters instead. */
  readonly unreadable: readonly Unreadable[];
}

export function messagesOf(entry: OutboxEntry, outbox: Outbox, topicPrefix: string): Translated {
  const messages: OutgoingMessage[] = [];
  const unreadable: Unreadable[] = [];
  for (const { name, value } of entry.fields) {
    const topic: Topic = name === 'released' ? 'claims.released' : 'claims.won';
    const event = name === 'released' ? releasedEvent(value, outbox, timeOfEntry(entry.id)) : wonEvent(value, outbox);
    const decoded = decodeEvent(topic, event);
    if (decoded.ok) {
      messages.push({ topic: topicName(topicPrefix, topic), key: decoded.event.data.claimId, value: event });
      continue;
    }
    unreadable.push({ reason: decoded.reason });
    const source = `${entry.stream}@${entry.id}`;
    const headers = { problem: decoded.problem, reason: decoded.reason, source };
    messages.push({ topic: topicName(topicPrefix, deadLetterTopic(topic)), key: entry.id, value, headers });
  }
  return { messages, unreadable };
}

/**
 * The script writes what only it knows, in few words: each byte of them is sent, logged and kept on the way that decides
 * how fast a sale is. What the drop says is added here. A claim's id begins with the time at which it was made.
 * Entries from before claims named a payment method end with the price.
 */
function wonEvent(words: string, { drop, region }: Outbox): string {
  const [claimId = '', sku = '', quantity, shopperId = '', key = '', holdUntil, unitPrice, payment = ''] =
    words.split('|');
  if (!isUuidV7(claimId)) return '';
  const claimedAt = timeOfId(claimId);
  return encodeEvent({
    type: 'claims.won',
    v: 2,
    id: claimId,
    at: claimedAt,
    data: {
      ...{ claimId, claimedAt, dropId: drop.id, region, shopperId, sku, key, currency: drop.currency },
      ...{ quantity: Number(quantity), unitPrice: Number(unitPrice), holdUntil: Number(holdUntil) },
      title: drop.skus.find((item) => item.sku === sku)?.title ?? sku,
      payment: payment === '' ? null : payment,
    },
  });
}

/** A claim is released once, so its id names this event as well; empty where the script's words are not understood. */
function releasedEvent(words: string, { drop, region }: Outbox, at: number): string {
  const [claimId = '', sku = '', quantity, shopperId = '', reason] = words.split('|');
  if (!isUuidV7(claimId) || (reason !== 'expired' && reason !== 'declined' && reason !== 'cancelled')) return '';
  return encodeEvent({
    type: 'claims.released',
    v: 1,
    id: claimId,
    at,
    data: { claimId, dropId: drop.id, region, shopperId, sku, quantity: Number(quantity), reason },
  });
}

/** The milliseconds that a stream entry's id begins with. */
function timeOfEntry(id: string): number {
  return Number.parseInt(id, 10);
}
