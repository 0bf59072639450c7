/** What payments tell: the events that leave with the rows they speak of. */
import { encodeEvent } from '../../contracts/events/codec.ts';
import { figureEvent } from '../../contracts/figures.ts';
import type { IdSource } from '../../contracts/ids.ts';
import { type NoticeTemplate, type NoticeValues, noticeEvent } from '../../contracts/notices.ts';
import type { OrderState } from '../../contracts/orders/states.ts';
import type { Topic } from '../../contracts/topics.ts';
import type { DueRefund } from '../../db/queries/refunds.ts';
import type { DuePayment } from '../../db/queries/take-due-payments.ts';
import type { Clock } from '../../platform/clock.ts';

export interface OutgoingEvent {
  readonly topic: Topic;
  readonly key: string;
  readonly text: string;
}

/** What figures are about. */
export type Figured = Pick<
  DuePayment,
  'dropId' | 'orderId' | 'sku' | 'quantity' | 'amountMinor' | 'currency' | 'region' | 'kind'
> & {
  /** Of the payment, where there is one. */
  readonly id?: string;
};

export type PaymentFigure = 'order.confirmed' | 'order.cancelled' | 'payment.captured' | 'payment.failed';

export interface EventMaker {
  completed(payment: DuePayment): OutgoingEvent;
  failed(payment: DuePayment, reason: string): OutgoingEvent;
  /** The text of the event that goes with a step (db/queries/step-orders.ts). */
  step(payment: Pick<DuePayment, 'orderId' | 'shopperId'>, from: OrderState, to: OrderState, reason: string): string;
  action(payment: DuePayment, actionUrl: string): OutgoingEvent;
  notice<T extends NoticeTemplate>(shopperId: string, template: T, values: NoticeValues<T>): OutgoingEvent;
  /** For the figures of a drop, and of the store. */
  figure(name: PaymentFigure, payment: Figured, reason?: string): OutgoingEvent;
  refunded(refund: Pick<DueRefund, 'id' | 'orderId' | 'amountMinor' | 'currency'>): OutgoingEvent;
  /** Copies of these orders are old. */
  stale(orderIds: readonly string[]): OutgoingEvent;
}

export function createEventMaker({ nextId, clock }: { nextId: IdSource; clock: Clock }): EventMaker {
  const head = () => ({ id: nextId(), at: clock.now() });
  const paid = ({ id, orderId, provider, kind, amountMinor, currency }: DuePayment) => ({
    ...{ paymentId: id, orderId, provider: provider ?? kind ?? 'none', amount: amountMinor, currency },
  });
  return {
    completed: (payment) => ({
      topic: 'payment.completed',
      key: payment.orderId,
      text: encodeEvent({ type: 'payment.completed', v: 1, ...head(), data: paid(payment) }),
    }),
    failed: (payment, reason) => ({
      topic: 'payment.failed',
      key: payment.orderId,
      text: encodeEvent({ type: 'payment.failed', v: 1, ...head(), data: { ...paid(payment), reason } }),
    }),
    step: ({ orderId, shopperId }, from, to, reason) =>
      encodeEvent({
        type: 'order.status',
        v: 1,
        ...head(),
        data: { orderId, claimId: orderId, shopperId, from, to, reason },
      }),
    action: ({ orderId, shopperId, orderStatus }, actionUrl) => ({
      topic: 'order.status',
      key: orderId,
      text: encodeEvent({
        type: 'order.status',
        v: 2,
        ...head(),
        data: { orderId, claimId: orderId, shopperId, from: orderStatus, to: orderStatus, reason: null, actionUrl },
      }),
    }),
    notice: (shopperId, template, values) => ({
      topic: 'notification.email',
      key: shopperId,
      text: noticeEvent({ template, userId: shopperId, eventId: nextId(), at: clock.now(), values }),
    }),
    figure: (name, { dropId, orderId, id: paymentId, sku, quantity, amountMinor, currency, region, kind }, reason) => ({
      topic: 'analytics.event',
      key: orderId,
      text: figureEvent(head(), {
        ...{ name, dropId, subjectId: orderId },
        values: {
          ...{ sku, quantity, amount: amountMinor, currency, payment: kind ?? 'none' },
          ...(paymentId === undefined ? {} : { paymentId }),
          ...(region === null ? {} : { region }),
          ...(reason === undefined ? {} : { reason }),
        },
      }),
    }),
    refunded: ({ id: refundId, orderId, amountMinor: amount, currency }) => ({
      topic: 'analytics.event',
      key: orderId,
      text: figureEvent(head(), {
        ...{ name: 'refund.done', dropId: null, subjectId: orderId },
        values: { refundId, orderId, amount, currency },
      }),
    }),
    stale: (orderIds) => {
      const made = head();
      return {
        topic: 'cache.invalidate',
        key: made.id,
        text: encodeEvent({
          type: 'cache.invalidate',
          v: 1,
          ...made,
          data: { kind: 'order', ids: [...orderIds] },
        }),
      };
    },
  };
}
