/** From paid to sold, or back into the stock: the hold in Redis first, then the order, so that a crash repeats both. */
import { nextStep } from '../../commerce/orders/next-step.ts';
import type { OrderState } from '../../contracts/orders/states.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { type OrderStep, stepOrders } from '../../db/queries/step-orders.ts';
import { type PaymentDue, schedulePayments } from '../../db/queries/write-payments.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { retryInMs } from './card.ts';
import type { Desk, InHand } from './desk.ts';
import type { OutgoingEvent } from './events.ts';

const ACTOR = 'payments';

/** What a hold's end means for its order. Undefined: it cannot be told now. */
type Verdict = { readonly to: OrderState; readonly reason: string } | undefined;

/** The money is there: the units are sold. Where the hold has ended before, the order is cancelled, and the refund follows. */
export async function confirmAll(desk: Desk, payments: readonly InHand[]): Promise<void> {
  const verdicts = await byRegion(desk, payments, async (dropId, region, claimIds) => {
    const replies = await desk.holds.confirm(dropId, region, claimIds);
    return replies.map((reply): Verdict => {
      if (reply.reply === 'UNKNOWN') return undefined;
      if (reply.reply === 'CONFIRMED' || reply.endedAs === 'sold') return { to: 'CONFIRMED', reason: 'paid' };
      return { to: 'CANCELLED', reason: reply.endedAs };
    });
  });
  await stepAll(desk, payments, verdicts);
}

/** There will be no money: the units are for others. */
export async function giveBackAll(desk: Desk, payments: readonly InHand[]): Promise<void> {
  const verdicts = await byRegion(desk, payments, async (dropId, region, claimIds) => {
    const replies = await desk.holds.release(dropId, region, claimIds, 'declined');
    return replies.map((reply, at): Verdict => {
      if (reply.reply === 'UNKNOWN') return undefined;
      if (reply.reply === 'ALREADY' && reply.endedAs === 'sold') {
        // Only another payment of the same order can have done that: the order is theirs to confirm.
        desk.log.error({ claimId: claimIds[at] }, 'a declined payment belongs to a hold that is sold');
        return undefined;
      }
      return { to: 'CANCELLED', reason: reply.reply === 'ALREADY' ? reply.endedAs : 'declined' };
    });
  });
  const named = new Map(verdicts);
  for (const { id, review } of payments) {
    if (review === 'rejected' && named.get(id)?.reason === 'declined')
      named.set(id, { to: 'CANCELLED', reason: review });
  }
  await stepAll(desk, payments, named);
}

/** Verdicts by payment; none for those of a region that does not answer. */
async function byRegion(
  desk: Desk,
  payments: readonly InHand[],
  ask: (dropId: string, region: string, claimIds: string[]) => Promise<Verdict[]>,
): Promise<Map<string, Verdict>> {
  const groups = Map.groupBy(payments, ({ dropId, region }) => `${dropId} ${region}`);
  const verdicts = new Map<string, Verdict>();
  const askOne = async (group: readonly InHand[]): Promise<void> => {
    const [first] = group;
    if (first === undefined) return;
    const { dropId, region } = first;
    try {
      const answers = await ask(
        dropId,
        region,
        group.map(({ orderId }) => orderId),
      );
      for (const [at, { id }] of group.entries()) verdicts.set(id, answers[at]);
    } catch (error) {
      desk.metrics.failed('holds');
      desk.log.warn({ err: error, dropId, region }, 'holds could not be ended, trying again');
    }
  };
  await Promise.all([...groups.values()].map(askOne));
  return verdicts;
}

async function stepAll(desk: Desk, payments: readonly InHand[], verdicts: ReadonlyMap<string, Verdict>): Promise<void> {
  const steps: OrderStep[] = [];
  for (const payment of payments) {
    const verdict = verdicts.get(payment.id);
    if (verdict === undefined) continue;
    const { orderId, orderStatus: from } = payment;
    const { to, reason } = verdict;
    const event = desk.events.step(payment, from, to, reason);
    steps.push({ orderId, from, to, reason, actor: ACTOR, atMs: desk.clock.now(), event });
  }
  await withTransaction(desk.database, async (client) => {
    const made = await stepOrders(client, steps);
    const stepped = payments.flatMap((payment) => {
      const to = verdicts.get(payment.id)?.to;
      return made.has(payment.orderId) && to !== undefined ? [{ ...payment, orderStatus: to }] : [];
    });
    await schedulePayments(client, [
      ...payments.filter(({ orderId }) => !made.has(orderId)).map(later),
      ...stepped.map(afterStep),
    ]);
    await insertOutbox(client, eventsOf(desk, stepped));
  });
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
