/** How payments are asked for and shown. */
import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { PAYMENT_KINDS, PAYMENT_STATUSES } from '../../contracts/orders/payments.ts';
import { ORDER_STATES } from '../../contracts/orders/states.ts';
import type { FoundPayment, FoundRefund } from '../../db/queries/store-payments/find-payment.ts';

export const Uuid = Type.String({ pattern: UUID_V7_PATTERN });
export const ById = Type.Object({ id: Uuid });
export const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const oneOf = <T extends string>(names: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(names.map((name) => Type.Literal(name))));
const minor = Type.Integer({ minimum: 0, description: 'Minor units of the currency.' });

export const Refund = Type.Object({
  id: Type.String(),
  status: oneOf(['PENDING', 'DONE', 'REFUSED']),
  amount: minor,
  reason: Type.String(),
  createdAt: Type.Integer(),
});

export const Payment = Type.Object({
  id: Type.String(),
  orderId: Type.String(),
  orderStatus: oneOf(ORDER_STATES),
  status: Type.Unsafe<FoundPayment['status']>({
    ...Type.Union(PAYMENT_STATUSES.map((name) => Type.Literal(name))),
    description: 'SURPLUS: taken although the order was paid already; it goes back by itself.',
  }),
  kind: nullable(oneOf(PAYMENT_KINDS)),
  currency: Type.String(),
  amount: minor,
  refunded: minor,
  failure: nullable(Type.String({ description: 'Why it was declined, such as insufficient_funds.' })),
  actionUrl: nullable(Type.String({ description: 'Where the shopper has to confirm it (3-D Secure).' })),
  createdAt: Type.Integer(),
  capturedAt: nullable(Type.Integer()),
  refunds: Type.Array(Refund),
});

export function shownPayment(payment: FoundPayment): Type.Static<typeof Payment> {
  const { id, orderId, orderStatus, status, kind, currency, failure, actionUrl } = payment;
  return {
    ...{ id, orderId, orderStatus, status, kind, currency, failure, actionUrl },
    ...{ amount: payment.amountMinor, refunded: payment.refundedMinor, createdAt: Math.round(payment.createdAtMs) },
    capturedAt: payment.capturedAtMs === null ? null : Math.round(payment.capturedAtMs),
    refunds: payment.refunds.map(shownRefund),
  };
}

function shownRefund({ id, status, amountMinor, reason, createdAtMs }: FoundRefund): Type.Static<typeof Refund> {
  return { id, status, amount: amountMinor, reason, createdAt: createdAtMs };
}
