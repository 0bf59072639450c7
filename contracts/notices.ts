/**
 * The notices that shoppers get by mail: of each its values, and which preference of the recipient turns it off. The
 * wording is the business of queue-workers/notify; who asks for a notice writes `noticeEvent(…)` to the outbox.
 */
import Type, { type Static } from 'typebox';
import { CURRENCY_PATTERN } from './drop.ts';
import { encodeEvent } from './events/codec.ts';
import { epochMs, minor, units, uuid } from './events/envelope.ts';
import { LIMITS } from './limits.ts';

const exact = { additionalProperties: false } as const;
const title = () => Type.String({ minLength: 1, maxLength: LIMITS.titleChars });
const currency = () => Type.String({ pattern: CURRENCY_PATTERN });
/** A short reason as it stands in the history of an order or in payments.failure; unknown ones get a general wording. */
const reason = () => Type.String({ maxLength: 200 });

const order = { orderId: uuid(), title: title(), quantity: units(), total: minor(), currency: currency() };

/** Which of a recipient's preferences turns a notice off. */
export type NoticeKind = 'order' | 'reminder' | 'business';

export const NOTICES = {
  'order-confirmed': { kind: 'order', values: Type.Object(order, exact) },
  'order-cancelled': { kind: 'order', values: Type.Object({ ...order, reason: reason() }, exact) },
  'payment-declined': { kind: 'order', values: Type.Object({ ...order, reason: reason() }, exact) },
  'payment-action': {
    kind: 'order',
    values: Type.Object(
      {
        orderId: uuid(),
        title: title(),
        /** Where the shopper confirms the payment. */
        actionUrl: Type.String({ pattern: '^https?://[^\\s<>"]{1,1990}$' }),
        until: epochMs(),
      },
      exact,
    ),
  },
  'hold-expired': { kind: 'order', values: Type.Object({ orderId: uuid(), title: title(), quantity: units() }, exact) },
  'refund-done': {
    kind: 'order',
    values: Type.Object({ orderId: uuid(), title: title(), amount: minor(), currency: currency() }, exact),
  },
  'parcel-shipped': {
    kind: 'order',
    values: Type.Object(
      {
        ...{ orderId: uuid(), title: title() },
        /** Which of how many. */
        ...{ parcel: units(), parcels: units() },
        carrier: Type.String({ minLength: 1, maxLength: 40 }),
        trackingCode: Type.String({ minLength: 1, maxLength: 64 }),
        /** Between these it should arrive. */
        ...{ expectedFrom: epochMs(), expectedUntil: epochMs() },
      },
      exact,
    ),
  },
  'order-delivered': {
    kind: 'order',
    values: Type.Object({ orderId: uuid(), title: title(), returnUntil: epochMs() }, exact),
  },
  'return-decided': {
    kind: 'order',
    values: Type.Object(
      {
        ...{ orderId: uuid(), title: title() },
        decision: Type.Union([Type.Literal('approved'), Type.Literal('declined')]),
        ...{ amount: minor(), currency: currency() },
        /** What the shop says to it. */
        note: Type.String({ maxLength: 500 }),
      },
      exact,
    ),
  },
  'drop-reminder': {
    kind: 'reminder',
    values: Type.Object({ dropId: uuid(), title: title(), startsAt: epochMs() }, exact),
  },
  'merchant-decision': {
    kind: 'business',
    values: Type.Object(
      {
        decision: Type.Union([
          Type.Literal('approve'),
          Type.Literal('decline'),
          Type.Literal('suspend'),
          Type.Literal('reinstate'),
        ]),
        name: title(),
        /** Why. */
        note: Type.String({ maxLength: 500 }),
      },
      exact,
    ),
  },
  'stock-alert': {
    kind: 'business',
    /** Of what is low or sold out, the one with the least left, and how many more there are. */
    values: Type.Object(
      {
        sku: Type.String({ minLength: 1, maxLength: LIMITS.skuChars }),
        title: title(),
        available: Type.Integer({ minimum: 0 }),
        more: Type.Integer({ minimum: 0 }),
      },
      exact,
    ),
  },
  'review-decided': {
    kind: 'business',
    values: Type.Object(
      {
        /** Of the product. */
        title: title(),
        decision: Type.Union([Type.Literal('publish'), Type.Literal('reject')]),
        /** Why it was rejected. */
        note: Type.String({ maxLength: 500 }),
      },
      exact,
    ),
  },
  'webhook-disabled': {
    kind: 'business',
    /** The host of the address, which may have secrets in its path. */
    values: Type.Object({ host: title(), failingSince: epochMs() }, exact),
  },
  'drop-sold-out': {
    kind: 'business',
    values: Type.Object({ dropId: uuid(), title: title() }, exact),
  },
  'drop-ended': {
    kind: 'business',
    /** Its books are closed: what was sold, and what went back to the shelves. */
    values: Type.Object(
      { dropId: uuid(), title: title(), sold: Type.Integer({ minimum: 0 }), unsold: Type.Integer({ minimum: 0 }) },
      exact,
    ),
  },
  'cart-abandoned': {
    kind: 'reminder',
    /** The title of its first item, and how many there are. */
    values: Type.Object({ title: title(), items: units() }, exact),
  },
} as const;

export type NoticeTemplate = keyof typeof NOTICES;
export type NoticeValues<T extends NoticeTemplate> = Static<(typeof NOTICES)[T]['values']>;

export const NOTICE_TEMPLATES = Object.keys(NOTICES).filter(isNoticeTemplate);

export function isNoticeTemplate(text: string): text is NoticeTemplate {
  return Object.hasOwn(NOTICES, text);
}

export interface Notice<T extends NoticeTemplate> {
  readonly template: T;
  readonly userId: string;
  /** The same event is mailed once: what may be asked for twice has to ask with the same id. */
  readonly eventId: string;
  readonly at: number;
  readonly values: NoticeValues<T>;
}

/** The event that asks for a notice, as it is written to the outbox under the topic notification.email. */
export function noticeEvent<T extends NoticeTemplate>({ template, userId, eventId, at, values }: Notice<T>): string {
  return encodeEvent({ type: 'notification.email', v: 2, id: eventId, at, data: { userId, template, values } });
}
