/** From the events of orders to the deliveries of their merchants. A batch that comes again finds its events known. */
import { decodeEvent } from '../../contracts/events/codec.ts';
import type { EventOf } from '../../contracts/events/registry.ts';
import type { WebhookEvent } from '../../contracts/webhooks.ts';
import { isAnybodyListening, type OrderNews, tellOrders } from '../../db/queries/webhooks/tell-orders.ts';
import type { ReceivedMessage } from '../../platform/connections/kafka.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';

const KINDS: Partial<Record<EventOf<'order.status'>['data']['to'], WebhookEvent>> = {
  CONFIRMED: 'order.confirmed',
  CANCELLED: 'order.cancelled',
  COMPLETED: 'order.completed',
  REFUNDED: 'order.refunded',
};
const LISTENED = ['order.placed', ...Object.values(KINDS)];

export async function followOrders(
  { database, log }: { readonly database: Database; readonly log: Logger },
  messages: readonly ReceivedMessage[],
): Promise<number> {
  if (messages.length === 0 || !(await isAnybodyListening(database, LISTENED))) return 0;
  const news = messages.flatMap(({ topic, value, partition, offset }) => {
    const read = topic.endsWith('order.created') ? placed(value) : stepped(value);
    // Set aside by the workers that need it more; nobody is told of what cannot be read.
    if (read === 'unreadable') log.warn({ topic, partition, offset }, 'an event of an order could not be read');
    return read === 'unreadable' || read === undefined ? [] : [read];
  });
  await tellOrders(database, news);
  return news.length;
}

function placed(text: string): OrderNews | 'unreadable' {
  const decoded = decodeEvent('order.created', text);
  if (!decoded.ok) return 'unreadable';
  const { id: eventId, at: atMs, data } = decoded.event;
  return { eventId, orderId: data.orderId, kind: 'order.placed', atMs, reason: null };
}

function stepped(text: string): OrderNews | 'unreadable' | undefined {
  const decoded = decodeEvent('order.status', text);
  if (!decoded.ok) return 'unreadable';
  const { id: eventId, at: atMs, data } = decoded.event;
  const kind = data.from === data.to ? undefined : KINDS[data.to];
  return kind === undefined ? undefined : { eventId, orderId: data.orderId, kind, atMs, reason: data.reason };
}
