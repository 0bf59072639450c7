/** What a shopper and the edge say to each other over the socket, as schemas: types, checks and documents come from here. */
import Type, { type Static, type TSchema } from 'typebox';
import { CURRENCY_PATTERN, SKU_PATTERN } from '../drop.ts';
import { ERROR_CODES, type ErrorCode } from '../errors.ts';
import { UUID_V7_PATTERN } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { ORDER_STATES, type OrderState } from '../orders/states.ts';

export const IDEMPOTENCY_KEY_PATTERN = `^[A-Za-z0-9._:-]{1,${LIMITS.idempotencyKeyChars}}$`;

const message = <const T extends string, P extends Record<string, TSchema>>(t: T, properties: P, description: string) =>
  Type.Object({ t: Type.Literal(t), ...properties }, { additionalProperties: false, description });

const epochMs = Type.Integer({ minimum: 0, description: 'Epoch milliseconds.' });
const count = Type.Integer({ minimum: 0 });
const id = Type.String({ pattern: UUID_V7_PATTERN });
const sku = Type.String({ pattern: SKU_PATTERN });
const idempotencyKey = Type.String({ pattern: IDEMPOTENCY_KEY_PATTERN });
const code = Type.Unsafe<ErrorCode>(Type.Union(ERROR_CODES.map((name) => Type.Literal(name))));
const orderState = Type.Unsafe<OrderState>(Type.Union(ORDER_STATES.map((name) => Type.Literal(name))));

export const LINE_STATES = ['lobby', 'drawing', 'live', 'paused', 'sold-out', 'ended'] as const;
export type LineState = (typeof LINE_STATES)[number];
const lineState = Type.Unsafe<LineState>(Type.Union(LINE_STATES.map((name) => Type.Literal(name))));

export const Join = message(
  'join',
  {
    token: Type.String({ minLength: 1, maxLength: LIMITS.accessTokenChars }),
    nonce: Type.String({ minLength: 1, maxLength: LIMITS.nonceChars }),
    ticket: Type.Optional(Type.String({ minLength: 1, maxLength: LIMITS.ticketChars })),
    proof: Type.Optional(Type.String({ minLength: 1, maxLength: LIMITS.proofChars })),
  },
  'Take a place in the line, or come back to it.',
);
export const Claim = message(
  'claim',
  {
    key: idempotencyKey,
    sku,
    qty: Type.Integer({ minimum: 1, maximum: LIMITS.unitsPerClaim }),
    payment: Type.Optional(Type.String({ pattern: UUID_V7_PATTERN, description: 'A saved payment method.' })),
  },
  'Claim units while the pass is valid. The same key always gets the same answer.',
);
export const Leave = message('leave', {}, 'Give the place up.');
export const Ping = message('ping', {}, 'Keep the socket open; answered by pong.');

export const ShopperMessage = Type.Union([Join, Claim, Leave, Ping]);
export type ShopperMessage = Static<typeof ShopperMessage>;

export const Welcome = message(
  'welcome',
  {
    drop: Type.Object({
      id,
      title: Type.String(),
      state: lineState,
      startsAt: epochMs,
      endsAt: epochMs,
      skus: Type.Array(
        Type.Object({
          sku,
          title: Type.String(),
          price: count,
          currency: Type.String({ pattern: CURRENCY_PATTERN }),
        }),
      ),
      commit: Type.Union([Type.String(), Type.Null()]),
    }),
    challenge: Type.Optional(Type.String()),
  },
  'The first message of every socket.',
);
export const Ticket = message(
  'ticket',
  {
    ticket: Type.String(),
    entrant: Type.String({ pattern: '^[0-9a-f]{32}$', description: 'The public name of the ticket, as in the draw.' }),
    lane: Type.String(),
    region: Type.String({ description: 'Where its owner claims.' }),
    position: Type.Optional(count),
  },
  'The place, signed: send it with join to come back to it. The position in its lane is absent before the draw.',
);
export const Line = message(
  'line',
  {
    state: lineState,
    ahead: count,
    etaMs: Type.Tuple([count, count]),
    odds: Type.Number({ minimum: 0, maximum: 1, description: 'How likely stock lasts to this place.' }),
    stock: count,
  },
  'How the line looks from this place.',
);
export const Head = message(
  'head',
  {
    state: lineState,
    lanes: Type.Record(Type.String(), Type.Object({ head: count, waiting: count }, { additionalProperties: false }), {
      description: 'By lane: all places up to head have been called; so many still wait.',
    }),
    perSecond: Type.Number({ minimum: 0, description: 'Places called in a second, as measured.' }),
    stock: count,
    entrants: Type.Optional(count),
    drawRoot: Type.Optional(Type.String({ description: 'The root of the final list of entrants, before its draw.' })),
  },
  'The line moved. Sent to everyone at once; in one lane ahead = position − head − 1 or less.',
);
export const Admitted = message(
  'admitted',
  { pass: Type.String(), expiresAt: epochMs },
  'It is your turn: the pass lets you claim until it expires.',
);
export const Claimed = message(
  'claimed',
  {
    key: idempotencyKey,
    claimId: id,
    sku,
    qty: count,
    amount: count,
    currency: Type.String({ pattern: CURRENCY_PATTERN }),
    holdUntil: epochMs,
  },
  'Yours, durably: the units are held until holdUntil.',
);
export const Refused = message(
  'refused',
  {
    key: Type.Optional(idempotencyKey),
    code,
    retryAfterMs: Type.Optional(count),
    text: Type.Optional(Type.String()),
    challenge: Type.Optional(
      Type.String({ description: 'With CHALLENGE_REQUIRED: solve it and join with the proof.' }),
    ),
  },
  'What was asked for is refused.',
);
export const SoldOut = message(
  'sold-out',
  { sku, region: Type.String(), anywhere: Type.Boolean() },
  'Nothing is left of this item here; anywhere is false while another region still has stock.',
);
export const OrderUpdate = message(
  'order',
  {
    claimId: id,
    orderId: id,
    status: orderState,
    actionUrl: Type.Optional(Type.String({ description: 'The payment has to be confirmed here (3-D Secure).' })),
  },
  'The order of a claim has been written or has moved on, or its payment waits for the shopper.',
);
export const Pong = message('pong', { now: epochMs }, 'Answers ping.');

export const EdgeMessage = Type.Union([
  Welcome,
  Ticket,
  Line,
  Head,
  Admitted,
  Claimed,
  Refused,
  SoldOut,
  OrderUpdate,
  Pong,
]);
export type EdgeMessage = Static<typeof EdgeMessage>;
export type EdgeMessageOf<T extends EdgeMessage['t']> = Extract<EdgeMessage, { t: T }>;
