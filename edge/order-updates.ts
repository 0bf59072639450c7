/**
 * News of orders from Kafka to the sockets of their shoppers. Every edge reads all of it, in a group of its own,
 * because a shopper may be connected to any edge, or to several.
 */
import { decodeEvent } from '../contracts/events/codec.ts';
import type { EdgeMessageOf } from '../contracts/line/messages.ts';
import { topicName } from '../contracts/topics.ts';
import type { Kafka, ReceivedMessage, Subscription } from '../platform/connections/kafka.ts';
import type { Logger } from '../platform/logging/logger.ts';
import type { Presence } from './session/presence.ts';

export interface OrderUpdatesOptions {
  readonly kafka: Kafka;
  readonly topicPrefix: string;
  readonly instance: string;
  readonly presence: Presence;
  readonly log: Logger;
}

export async function followOrders(options: OrderUpdatesOptions): Promise<Subscription> {
  const { kafka, topicPrefix, instance, presence, log } = options;
  const created = topicName(topicPrefix, 'order.created');
  const status = topicName(topicPrefix, 'order.status');

  function tell({ topic, value, offset, partition }: ReceivedMessage): void {
    const news = topic === created ? newsOfCreation(value) : newsOfStatus(value);
    if (news === undefined) log.warn({ topic, partition, offset }, 'an event of an order could not be read');
    else if (news !== 'none') presence.tell(news.shopperId, news.message);
  }

  return await kafka.subscribe({
    groupId: `${topicPrefix}edge-${instance}`,
    topics: [created, status],
    fromBeginning: false,
    onBatch: async (messages) => messages.forEach(tell),
  });
}

type News = { readonly shopperId: string; readonly message: EdgeMessageOf<'order'> };

/** Only orders that came from a claim belong to a line; undefined for what cannot be read. */
function newsOfCreation(value: string): News | 'none' | undefined {
  const decoded = decodeEvent('order.created', value);
  if (!decoded.ok) return undefined;
  const { claimId, orderId, status, shopperId } = decoded.event.data;
  return claimId === null ? 'none' : { shopperId, message: { t: 'order', claimId, orderId, status } };
}

function newsOfStatus(value: string): News | 'none' | undefined {
  const decoded = decodeEvent('order.status', value);
  if (!decoded.ok) return undefined;
  const { data } = decoded.event;
  const { claimId, orderId, to, shopperId } = data;
  if (claimId === null) return 'none';
  const action = 'actionUrl' in data ? { actionUrl: data.actionUrl } : {};
  return { shopperId, message: { t: 'order', claimId, orderId, status: to, ...action } };
}
