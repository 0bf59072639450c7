/** What the end of a hold means for its order, written: the step, its events, and when to look at the payment again. */
import { nextStep } from '../../commerce/orders/next-step.ts';
import type { OrderState } from '../../contracts/orders/states.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { type OrderStep, stepOrders } from '../../db/queries/step-orders.ts';
import { type PaymentDue, schedulePayments } from '../../db/queries/write-payments.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { retryInMs } from './card.ts';
import type { Desk, InHand } from './desk.ts';
import type { OutgoingEvent } from './events.ts';

const ACTOR = 'payments';

export interface Verdict {
  readonly to: OrderState;
  readonly reason: string;
}

/**
 * Inside the caller's transaction. Verdicts by payment, of each order one; a payment without one is looked at again.
 * Answers with the orders that made their step.
 */
export async function writeSteps(
  client: DatabaseClient,
  desk: Desk,
  payments: readonly InHand[],
  verdicts: ReadonlyMap<string, Verdict>,
): Promise<ReadonlySet<string>> {
  const steps: OrderStep[] = [];
  for (const payment of payments) {
    const verdict = verdicts.get(payment.id);
    if (verdict === undefined) continue;
    const { orderId, orderStatus: from } = payment;
    const { to, reason } = verdict;
    const event = desk.events.step(payment, from, to, reason);
    steps.push({ orderId, from, to, reason, actor: ACTOR, atMs: desk.clock.now(), event });
  }
  const made = await stepOrders(client, steps);
  const stepped = payments.flatMap((payment) => {
    const to = verdicts.get(payment.id)?.to;
    return made.has(payment.orderId) && to !== undefined ? [{ ...payment, orderStatus: to }] : [];
  });
  await schedulePayments(client, [
    ...payments.filter(({ orderId, id }) => !made.has(orderId) || !verdicts.has(id)).map(later),
    ...stepped.map(afterStep),
  ]);
  await insertOutbox(client, eventsOf(desk, stepped));
  return made;
}

function later(payment: InHand): PaymentDue {
  return { orderId: payment.orderId, id: payment.id, inMs: retryInMs(payment) };
}

function afterStep(payment: InHand): PaymentDue {
  const { orderId, id } = payment;
  return { orderId, id, inMs: nextStep(payment) === 'nothing' ? null : 0 };
}

function eventsOf({ events }: Desk, stepped: readonly InHand[]): OutgoingEvent[] {
  if (stepped.length === 0) return [];
  return [
    ...stepped.flatMap((payment) => {
      const { shopperId, orderId, title, quantity, amountMinor: total, currency, orderStatus, status } = payment;
      const values = { orderId, title, quantity, total, currency };
      if (orderStatus === 'CONFIRMED') {
        return [events.figure('order.confirmed', payment), events.notice(shopperId, 'order-confirmed', values)];
      }
      // Who was declined has been told so.
      const told = status === 'FAILED' ? [] : [events.notice(shopperId, 'order-cancelled', { ...values, reason: '' })];
      return [events.figure('order.cancelled', payment), ...told];
    }),
    events.stale(stepped.map(({ orderId }) => orderId)),
  ];
}
