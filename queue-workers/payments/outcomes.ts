/** What became of tries to pay, written in batches: the payment, its events and when to look again, all or nothing. */
import { nextStep } from '../../commerce/orders/next-step.ts';
import type { PaymentStatus } from '../../contracts/orders/payments.ts';
import { extendOrderHolds } from '../../db/queries/extend-order-holds.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { postCaptures } from '../../db/queries/money-ledger.ts';
import { payFromWallets, type WalletResult } from '../../db/queries/pay-from-wallets.ts';
import { type PaymentDue, schedulePayments, writePaymentOutcomes } from '../../db/queries/write-payments.ts';
import { type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import type { Desk, InHand } from './desk.ts';
import type { OutgoingEvent } from './events.ts';

export interface Outcome {
  readonly payment: InHand;
  readonly to: PaymentStatus;
  readonly ref?: string;
  readonly failure?: string;
  readonly actionUrl?: string;
  /** When to look again, where the payment goes on waiting. */
  readonly againInMs?: number;
  readonly holdUntilMs?: number;
}

/** Answers with the payments as they are now, without those that somebody else has moved on in the meantime. */
export async function writeOutcomes(desk: Desk, outcomes: readonly Outcome[]): Promise<InHand[]> {
  return await withTransaction(desk.database, (client) => writeInside(client, desk, outcomes));
}

/** Moves the money of wallets and writes what came of it in one transaction. */
export async function settleWallets(desk: Desk, payments: readonly InHand[]): Promise<InHand[]> {
  return await withTransaction(desk.database, async (client) => {
    const results = await payFromWallets(client, payments);
    const outcomes = payments.flatMap((payment) => {
      const result = results.get(payment.id);
      return result === undefined ? [] : [outcomeOfWallet(payment, result)];
    });
    return await writeInside(client, desk, outcomes);
  });
}

function outcomeOfWallet(payment: InHand, result: WalletResult): Outcome {
  switch (result) {
    case 'paid':
      return { payment, to: 'CAPTURED' };
    case 'short':
      return { payment, to: 'FAILED', failure: 'insufficient_funds' };
    case 'later':
      return { payment, to: 'PENDING', againInMs: 0 };
  }
}

async function writeInside(client: DatabaseClient, desk: Desk, outcomes: readonly Outcome[]): Promise<InHand[]> {
  // Orders before their payments, as whoever cancels them: else the two would wait for one another.
  await extendOrderHolds(
    client,
    outcomes.flatMap(({ holdUntilMs, payment: { orderId } }) =>
      holdUntilMs === undefined ? [] : [{ orderId, untilMs: holdUntilMs }],
    ),
  );
  const statuses = await writePaymentOutcomes(
    client,
    outcomes.map(({ payment, to, ref, failure, actionUrl }) => ({
      ...{ orderId: payment.orderId, id: payment.id, from: payment.status, to },
      ...{ ref: ref ?? null, failure: failure ?? null, actionUrl: actionUrl ?? null },
    })),
  );
  const written = outcomes.flatMap((outcome) => {
    const status = statuses.get(outcome.payment.id);
    return status === undefined ? [] : [{ outcome, payment: { ...outcome.payment, status } }];
  });
  await schedulePayments(client, written.flatMap(whenToLookAgain));
  await insertOutbox(
    client,
    written.flatMap(({ outcome, payment }) => eventsOf(desk, outcome, payment)),
  );
  await postCaptures(
    client,
    written.flatMap(({ payment }) => (isBooked(payment) ? [payment] : [])),
  );
  for (const { outcome, payment } of written) {
    const result = payment.status === 'PENDING' ? (outcome.actionUrl ? 'action' : 'waiting') : payment.status;
    desk.metrics.result(payment.kind ?? 'none', payment.provider ?? 'none', result.toLowerCase());
  }
  return written.map(({ payment }) => payment);
}

/** What a wallet paid was booked with it. */
function isBooked({ status, kind, amountMinor }: InHand): boolean {
  return (status === 'CAPTURED' || status === 'SURPLUS') && kind !== 'wallet' && amountMinor > 0;
}

/** Where a step follows at once, the lease stays: if this worker dies before it, another makes the step. */
function whenToLookAgain({ outcome, payment }: { outcome: Outcome; payment: InHand }): PaymentDue[] {
  const { orderId, id } = payment;
  if (outcome.againInMs !== undefined) return [{ orderId, id, inMs: outcome.againInMs }];
  return nextStep(payment) === 'nothing' ? [{ orderId, id, inMs: null }] : [];
}

function eventsOf({ events }: Desk, outcome: Outcome, payment: InHand): OutgoingEvent[] {
  const { shopperId, orderId, title, quantity, amountMinor: total, currency, status } = payment;
  // Money that came twice is money all the same: the refund that follows is counted as well.
  if (status === 'SURPLUS') return [events.figure('payment.captured', payment, 'surplus')];
  if (status === 'CAPTURED') return [events.completed(payment), events.figure('payment.captured', payment)];
  if (status === 'FAILED') {
    const reason = outcome.failure ?? 'declined';
    const values = { orderId, title, quantity, total, currency, reason };
    return [
      events.failed(payment, reason),
      events.figure('payment.failed', payment, reason),
      events.notice(shopperId, 'payment-declined', values),
    ];
  }
  const { actionUrl, holdUntilMs } = outcome;
  if (actionUrl === undefined || actionUrl === payment.actionUrl) return [];
  const until = holdUntilMs ?? payment.leaseEndsAtMs;
  return [
    events.action(payment, actionUrl),
    events.notice(shopperId, 'payment-action', { orderId, title, actionUrl, until }),
  ];
}
