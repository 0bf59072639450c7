/** Money that goes back: opened with the step of its order, by a return or by hand, then asked of whoever took it until it is done. */
import { ProviderError } from '../../commerce/payments/provider.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { postRefunds } from '../../db/queries/money-ledger.ts';
import {
  type DueRefund,
  type FinishedRefund,
  finishRefunds,
  openRefunds,
  refundToWallets,
  scheduleRefunds,
} from '../../db/queries/refunds.ts';
import { finishReturns } from '../../db/queries/returns/finish-returns.ts';
import { stepOrders } from '../../db/queries/step-orders.ts';
import { schedulePayments } from '../../db/queries/write-payments.ts';
import { backoffMs } from '../../platform/backoff.ts';
import { type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import type { Desk, InHand } from './desk.ts';

const ACTOR = 'payments';

/** For payments that were taken for an order that is over, or a second time. */
export async function openAll(desk: Desk, payments: readonly InHand[]): Promise<void> {
  await withTransaction(desk.database, async (client) => {
    const reasonOf = ({ status }: InHand) => (status === 'SURPLUS' ? 'paid twice' : 'the order was cancelled');
    const owed = await openRefunds(
      client,
      payments.map((payment) => ({
        ...{ id: desk.nextId(), orderId: payment.orderId, paymentId: payment.id },
        reason: reasonOf(payment),
      })),
    );
    const ofCancelled = payments.filter(
      ({ id, orderStatus, status }) => owed.has(id) && orderStatus === 'CANCELLED' && status === 'CAPTURED',
    );
    await stepOrders(
      client,
      ofCancelled.map((payment) => ({
        ...{ orderId: payment.orderId, from: 'CANCELLED', to: 'REFUND_PENDING', reason: reasonOf(payment) },
        ...{ actor: ACTOR, atMs: desk.clock.now() },
        event: desk.events.step(payment, 'CANCELLED', 'REFUND_PENDING', reasonOf(payment)),
      })),
    );
    await schedulePayments(
      client,
      payments.map(({ orderId, id }) => ({ orderId, id, inMs: null })),
    );
  });
}

export async function refundWallets(desk: Desk, refunds: readonly DueRefund[]): Promise<void> {
  await withTransaction(desk.database, async (client) => {
    const moved = await refundToWallets(client, refunds);
    const done = refunds.filter(({ id }) => moved.has(id));
    await finish(
      client,
      desk,
      done.map((refund) => ({ refund, ref: null, failure: null })),
    );
  });
}

/** By the provider that took the money; asked again with the same key until it has answered. */
export async function refundByProvider(desk: Desk, refund: DueRefund): Promise<void> {
  const { id: refundId, paymentId, amountMinor, providerRef: ref } = refund;
  const provider = refund.provider === null ? undefined : desk.providers.byName(refund.provider);
  if (provider === undefined || ref === null) {
    desk.log.error({ refundId, provider: refund.provider }, 'a refund has nobody to be asked');
    return await tryLater(desk, refund);
  }
  try {
    const state = await provider.refund({ refundId, paymentId, ref, amountMinor });
    desk.metrics.result('refund', provider.name, state.state);
    if (state.state === 'processing') return await tryLater(desk, refund);
    const refused = state.state === 'refused';
    if (refused) desk.log.error({ refundId, paymentId, reason: state.reason }, 'a refund was refused');
    const ended = refused ? { ref: null, failure: state.reason } : { ref: state.ref, failure: null };
    await withTransaction(desk.database, (client) => finish(client, desk, [{ refund, ...ended }]));
  } catch (error) {
    desk.metrics.result('refund', provider.name, 'unknown');
    // Only what the provider says can be expected to fail: anything else is ours to know.
    if (error instanceof ProviderError) desk.log.debug({ err: error, refundId }, 'a refund was not answered');
    else desk.log.warn({ err: error, refundId }, 'a refund could not be made, trying again');
    await tryLater(desk, refund);
  }
}

type Ended = Pick<FinishedRefund, 'ref' | 'failure'> & { readonly refund: DueRefund };

async function finish(client: DatabaseClient, desk: Desk, ended: readonly Ended[]): Promise<void> {
  const done = await finishRefunds(
    client,
    ended.map(({ refund: { id, orderId }, ref, failure }) => ({ id, orderId, ref, failure })),
  );
  const byId = new Map(ended.map(({ refund }) => [refund.id, refund]));
  const told = done.flatMap((row) => {
    const refund = byId.get(row.refundId);
    return refund === undefined ? [] : [{ ...row, refund }];
  });
  // Two refunds of one payment may end at once: its order makes the step once.
  const whole = new Map(
    told.flatMap((row) => (row.whole && row.paymentStatus === 'CAPTURED' ? [[row.orderId, row] as const] : [])),
  );
  // Where the refund was quicker than the step of its order to REFUND_PENDING, both steps are made here.
  for (const [from, to] of [
    ['CANCELLED', 'REFUND_PENDING'],
    ['REFUND_PENDING', 'REFUNDED'],
  ] as const) {
    await stepOrders(
      client,
      [...whole.values()].map(({ orderId, refund }) => ({
        ...{ orderId, from, to, reason: 'refunded', actor: ACTOR, atMs: desk.clock.now() },
        event: desk.events.step(refund, from, to, 'refunded'),
      })),
    );
  }
  await finishReturns(
    client,
    told.map(({ refundId }) => refundId),
    desk,
  );
  await insertOutbox(
    client,
    told.flatMap(({ refund }) => {
      const { shopperId, orderId, title, amountMinor: amount, currency } = refund;
      return [
        desk.events.refunded(refund),
        desk.events.notice(shopperId, 'refund-done', { orderId, title, amount, currency }),
      ];
    }),
  );
  await postRefunds(
    client,
    told.flatMap(({ refundId, orderId, refund }) => (refund.kind === 'card' ? [{ refundId, orderId }] : [])),
  );
}

async function tryLater(desk: Desk, { id, tries }: DueRefund): Promise<void> {
  const { paymentRetryMinMs: minMs, paymentRetryMaxMs: maxMs } = INTERVALS;
  const again = [{ id, inMs: backoffMs(Math.max(1, tries), { minMs, maxMs }) }];
  await withTransaction(desk.database, (client) => scheduleRefunds(client, again));
}
