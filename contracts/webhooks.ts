/** What merchants' systems can be told of. The payload of each is in docs/WEBHOOKS.md; a new field is no new version. */
export const WEBHOOK_EVENTS = {
  'order.placed': 'An order with something of yours was placed; it is not paid yet.',
  'order.confirmed': 'It is paid, or will be on delivery: it can be packed.',
  'order.cancelled': 'It was cancelled, with the reason.',
  'order.completed': 'It arrived, and the time to return it is over.',
  'order.refunded': 'All of it was refunded.',
  'parcel.shipped': 'One of your parcels has left.',
  'parcel.delivered': 'One of your parcels has arrived.',
  'return.requested': 'A shopper wants to return something.',
  'return.approved': 'The return was approved.',
  'return.declined': 'The return was declined.',
  'return.received': 'The goods are back.',
  'return.refunded': 'The money of the return is given back.',
  'stock.low': 'As little as you wanted to be told of is left of an article.',
  'stock.sold-out': 'Nothing is left of an article.',
  'drop.scheduled': 'A drop of yours is scheduled.',
  'drop.paused': 'It is paused.',
  'drop.resumed': 'It goes on.',
  'drop.sold-out': 'All of it is sold.',
  'drop.ended': 'It is over.',
  'drop.settled': 'Its books are closed, and what was not sold is back on the shelves.',
  'payout.closed': 'A payout is closed.',
} as const satisfies Record<string, string>;

export type WebhookEvent = keyof typeof WEBHOOK_EVENTS;
export const WEBHOOK_EVENT_NAMES = Object.keys(WEBHOOK_EVENTS).filter(isWebhookEvent);

export function isWebhookEvent(text: string): text is WebhookEvent {
  return Object.hasOwn(WEBHOOK_EVENTS, text);
}

/** Sent by POST /seller/webhooks/{id}/test only. */
export const PING = 'ping';
