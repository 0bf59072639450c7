/**
 * Takes payments that are due, makes the next step of each, and looks for more. What is to be done stands in the rows
 * (commerce/orders/next-step.ts); what is in hand here is only leased, so a worker that dies loses nothing but time.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { nextStep } from '../../commerce/orders/next-step.ts';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { unreachable } from '../../contracts/unreachable.ts';
import { type DueRefund, takeDueRefunds } from '../../db/queries/refunds.ts';
import {
  type DuePayment,
  leasePayments,
  type TakeOptions,
  takeDuePayments,
} from '../../db/queries/take-due-payments.ts';
import { schedulePayments } from '../../db/queries/write-payments.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { NO_TRACING, type Tracing } from '../../platform/tracing/tracing.ts';
import { callOff, charge } from './card.ts';
import type { Desk, InHand } from './desk.ts';
import { createGatherer } from './gather.ts';
import { confirmAll, giveBackAll } from './holds.ts';
import { type Outcome, settleWallets, writeOutcomes } from './outcomes.ts';
import { piecewise } from './piecewise.ts';
import { openAll, refundByProvider, refundWallets } from './refunds.ts';
import { confirmStoreOrders, giveBackStoreOrders } from './store-orders.ts';

export interface PaymentsOptions extends Desk {
  readonly tracing?: Tracing;
  /** Runs a call of a provider as soon as one may be made. */
  submit(provider: string, task: () => Promise<void>): void;
}

export interface Payments {
  /** Nothing more is taken; what is in hand goes on. */
  stopTaking(): Promise<void>;
  /** Ends what is in hand, once the calls under way are over; what was not begun is due again by itself. */
  stop(): Promise<void>;
}

/** So many wait for providers at most: a slow one keeps nobody waiting who pays in another way. */
const ASKED_MOST = LIMITS.paymentsInHand - 2 * LIMITS.paymentsBatch;

export function startPayments(desk: PaymentsOptions): Payments {
  const { tracing = NO_TRACING } = desk;
  const stopping = new AbortController();
  /** Payments and refunds in hand, so that there is never more than can be remembered, and none twice. */
  const inHand = new Set<string>();
  /** Of them, those for which a provider is or will be asked. */
  let [asked, askedRefunds] = [0, 0];

  const gather = (what: string, handle: (batch: readonly InHand[]) => Promise<readonly InHand[] | undefined>) =>
    createGatherer<InHand>({
      most: LIMITS.paymentsBatch,
      handle: (batch) =>
        guard(
          what,
          batch,
          (one) => one,
          async (part) => (await handle(part)) ?? [],
        ),
    });
  const wallets = gather('wallets', (batch) => settleWallets(desk, batch));
  const confirms = gather('confirm', (batch) => confirmAll(desk, batch).then(() => undefined));
  const givenBack = gather('give-back', (batch) => giveBackAll(desk, batch).then(() => undefined));
  const storeConfirms = gather('confirm', (batch) => confirmStoreOrders(desk, batch).then(() => undefined));
  const storeGivenBack = gather('give-back', (batch) => giveBackStoreOrders(desk, batch).then(() => undefined));
  const refunds = gather('refund', (batch) => openAll(desk, batch).then(() => undefined));
  const done = gather('nothing', async (batch) => {
    const cleared = batch.map(({ orderId, id }) => ({ orderId, id, inMs: null }));
    await withTransaction(desk.database, (client) => schedulePayments(client, cleared));
    return undefined;
  });
  const outcomes = createGatherer<Outcome>({
    most: LIMITS.paymentsBatch,
    handle: (batch) =>
      guard(
        'outcomes',
        batch,
        ({ payment }) => payment,
        (part) => writeOutcomes(desk, part),
      ),
  });
  const walletRefunds = createGatherer<DueRefund>({
    most: LIMITS.refundsBatch,
    async handle(batch) {
      const refund = (part: readonly DueRefund[]) => refundWallets(desk, part).then(() => []);
      await piecewise(batch, refund, (error, part) => tellFailure('wallet refunds', error, part));
      for (const { id } of batch) inHand.delete(id);
    },
  });

  function tellFailure(what: string, error: unknown, batch: readonly { readonly id: string }[] = []): void {
    desk.metrics.failed(what);
    const which = batch.length === 1 ? { id: batch[0]?.id } : { count: batch.length };
    desk.log.warn({ err: error, what, ...which }, 'payments could not be moved on, trying again');
  }

  function tellSteps(what: string, payments: readonly InHand[], fromMs: number): void {
    for (const { orderId } of payments) {
      if (!tracing.follows(orderId)) continue;
      tracing.step(orderId, `payment: ${what}`, { fromMs, untilMs: Date.now(), facts: { batch: payments.length } });
    }
  }

  /** What fails is due again when its lease is over. What has a next step at once is handed on. */
  async function guard<T>(
    what: string,
    batch: readonly T[],
    paymentOf: (item: T) => InHand,
    handle: (batch: readonly T[]) => Promise<readonly InHand[]>,
  ): Promise<void> {
    const fromMs = Date.now();
    const goOn = await piecewise(batch, handle, (error, part) => tellFailure(what, error, part.map(paymentOf)));
    tellSteps(what, batch.map(paymentOf), fromMs);
    for (const item of batch) inHand.delete(paymentOf(item).id);
    for (const payment of goOn) if (payment.status !== 'PENDING') handOut(payment);
  }

  function handOut(payment: InHand): void {
    const step = nextStep(payment);
    if (step === 'nothing' && payment.status !== payment.takenAs) return;
    inHand.add(payment.id);
    desk.metrics.step(step, 1);
    switch (step) {
      case 'charge':
        chargeOne(payment);
        break;
      case 'call-off':
        // A wallet is paid from within a transaction: nothing is ever under way.
        if (payment.kind === 'card') callProvider(payment, () => callOff(desk, payment));
        else outcomes.add({ payment, to: 'CANCELLED' });
        break;
      case 'close':
        outcomes.add({ payment, to: 'CANCELLED' });
        break;
      case 'confirm':
        (payment.source === 'store' ? storeConfirms : confirms).add(payment);
        break;
      case 'give-back':
        (payment.source === 'store' ? storeGivenBack : givenBack).add(payment);
        break;
      case 'collect':
        outcomes.add({ payment, to: 'CAPTURED' });
        break;
      case 'refund':
        refunds.add(payment);
        break;
      case 'nothing':
        done.add(payment);
        break;
      default:
        unreachable(step);
    }
  }

  function chargeOne(payment: InHand): void {
    // No provider and no wallet moves nothing.
    if (payment.amountMinor === 0) outcomes.add({ payment, to: 'CAPTURED' });
    else if (payment.kind === 'wallet') wallets.add(payment);
    else if (payment.kind === 'cod') outcomes.add({ payment, to: 'AUTHORIZED' });
    else callProvider(payment, () => charge(desk, payment));
  }

  function callProvider(payment: InHand, call: () => Promise<Outcome | undefined>): void {
    asked += 1;
    desk.submit(payment.provider ?? '', async () => {
      const fromMs = Date.now();
      const outcome = await call().catch((error: unknown) => {
        tellFailure('card', error);
        return undefined;
      });
      asked -= 1;
      tellCall(payment, outcome, fromMs);
      if (outcome === undefined) inHand.delete(payment.id);
      else outcomes.add(outcome);
    });
  }

  function tellCall({ orderId, provider }: InHand, outcome: Outcome | undefined, fromMs: number): void {
    if (!tracing.follows(orderId)) return;
    const facts = { provider: provider ?? 'none', outcome: outcome?.to ?? 'unknown' };
    tracing.step(orderId, 'payment: provider', { fromMs, untilMs: Date.now(), facts, failed: outcome === undefined });
  }

  async function takePayments(): Promise<number> {
    const room = LIMITS.paymentsInHand - inHand.size;
    if (room <= 0) return 0;
    // One in hand that was woken stays due: taken again, it would only wait for the end of a new lease.
    const options = { cards: asked < ASKED_MOST, passOver: [...inHand] };
    const taken = await take(desk, Math.min(room, LIMITS.paymentsBatch), options);
    for (const payment of taken) handOut(payment);
    return taken.length;
  }

  async function takeRefunds(): Promise<number> {
    const room = Math.min(LIMITS.refundsBatch, LIMITS.paymentsInHand - inHand.size);
    if (room <= 0 || askedRefunds >= LIMITS.refundsBatch) return 0;
    const taken = await takeDueRefunds(desk.database, room, INTERVALS.paymentLeaseMs);
    for (const refund of taken) {
      if (inHand.has(refund.id)) continue;
      inHand.add(refund.id);
      if (isPaidIntoWallet(refund)) walletRefunds.add(refund);
      else askForRefund(refund);
    }
    return taken.length;
  }

  function askForRefund(refund: DueRefund): void {
    askedRefunds += 1;
    desk.submit(refund.provider ?? '', async () => {
      await refundByProvider(desk, refund).catch((error: unknown) => tellFailure('refund', error, [refund]));
      askedRefunds -= 1;
      inHand.delete(refund.id);
    });
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      let taken = 0;
      try {
        taken = (await takePayments()) + (await takeRefunds());
      } catch (error) {
        tellFailure('taking', error);
      }
      if (taken > 0) continue;
      await delay(INTERVALS.paymentsPollMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = run();
  async function stopTaking(): Promise<void> {
    stopping.abort();
    await running;
  }
  return {
    stopTaking,
    async stop() {
      await stopTaking();
      // Twice: what one of them ends may still be a step for another.
      const gatherers = [
        wallets,
        outcomes,
        confirms,
        storeConfirms,
        givenBack,
        storeGivenBack,
        refunds,
        done,
        walletRefunds,
      ];
      for (const gatherer of [...gatherers, ...gatherers]) await gatherer.idle();
    },
  };
}

/** Cash cannot be sent back. */
function isPaidIntoWallet({ kind }: DueRefund): boolean {
  return kind === 'wallet' || kind === 'cod';
}

/** Who is going to be asked is written before they are: after a crash nobody else is asked for the same payment. */
async function take(desk: Desk, most: number, options: TakeOptions): Promise<InHand[]> {
  const leaseEndsAtMs = desk.clock.now() + INTERVALS.paymentLeaseMs;
  return await withTransaction(desk.database, async (client) => {
    const { due, strays } = await takeDuePayments(client, most, options);
    const taken = due.flatMap((payment): InHand[] => {
      const provider = providerFor(desk, payment);
      const isFirstAsk = payment.provider === null;
      return [{ ...payment, provider, isFirstAsk, leaseEndsAtMs, takenAs: payment.status }];
    });
    await leasePayments(client, taken, INTERVALS.paymentLeaseMs);
    if (strays.length > 0) {
      desk.log.error({ payments: strays.length, first: strays[0] }, 'payments are due that belong to no order');
      const leases = strays.map((stray) => ({ ...stray, provider: null }));
      await leasePayments(client, leases, INTERVALS.paymentLeaseMs);
    }
    return taken;
  });
}

function providerFor({ providers }: Desk, payment: DuePayment): string | null {
  const { provider, kind, amountMinor } = payment;
  if (provider !== null || kind === null || amountMinor === 0 || nextStep(payment) !== 'charge') return provider;
  return kind === 'card' ? (providers.choose()?.name ?? null) : kind;
}
