/** Cards: what a provider is asked, and what its answer means to us. Each call can be repeated. */
import {
  type Charge,
  type ChargeState,
  type PaymentProvider,
  ProviderError,
} from '../../commerce/payments/provider.ts';
import { timeOfId } from '../../contracts/ids.ts';
import { INTERVALS, LIFETIMES } from '../../contracts/limits.ts';
import { schedulePayments } from '../../db/queries/write-payments.ts';
import { backoffMs } from '../../platform/backoff.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import type { Desk, InHand } from './desk.ts';
import type { Outcome } from './outcomes.ts';

/** A call that begins later than this before the end of the lease would end after it. */
const LEASE_MARGIN_MS = INTERVALS.paymentLeaseMs / 2;

/** Takes the money, or learns what became of the last try. Undefined when nothing is known, and it is tried again. */
export async function charge(desk: Desk, payment: InHand): Promise<Outcome | undefined> {
  return await ask(desk, payment, async (provider) => {
    const { providerRef, actionUrl } = payment;
    // Who has to confirm it themselves is not asked for it a second time.
    const waits = providerRef !== null && actionUrl !== null;
    const state = await (waits ? provider.find(providerRef) : provider.charge(chargeOf(payment)));
    return await outcomeOfCharge(desk, payment, state);
  });
}

/** Its order is over: no money may be taken any more. What was taken already is found, and refunded in the next step. */
export async function callOff(desk: Desk, payment: InHand): Promise<Outcome | undefined> {
  return await ask(desk, payment, async (provider) => {
    const state = await provider.cancel(chargeOf(payment));
    const { ref } = state;
    switch (state.state) {
      case 'captured':
        return { payment, to: 'CAPTURED', ref };
      case 'declined':
        return { payment, to: 'CANCELLED', ref, failure: state.reason };
      case 'cancelled':
        return { payment, to: 'CANCELLED', ref };
      case 'action':
      case 'processing':
        return { payment, to: 'PENDING', ref, againInMs: retryInMs(payment) };
    }
  });
}

async function ask(
  desk: Desk,
  payment: InHand,
  call: (provider: PaymentProvider) => Promise<Outcome>,
): Promise<Outcome | undefined> {
  const leftMs = payment.leaseEndsAtMs - desk.clock.now();
  if (leftMs < 0) return undefined;
  // Nobody was asked: if its provider was only chosen now, another one may be.
  if (leftMs < LEASE_MARGIN_MS) return await tryLater(desk, payment, true);
  // None of them can be asked for now.
  if (payment.provider === null) return await tryLater(desk, payment, false);
  const provider = desk.providers.byName(payment.provider);
  if (provider === undefined) {
    desk.log.error({ paymentId: payment.id, provider: payment.provider }, 'no such payment provider is configured');
    return await tryLater(desk, payment, false);
  }
  try {
    return await call(provider);
  } catch (error) {
    const sent = !(error instanceof ProviderError) || error.sent;
    desk.metrics.result(payment.kind ?? 'none', provider.name, sent ? 'unknown' : 'unreachable');
    desk.log.debug({ err: error, paymentId: payment.id }, 'a payment provider did not answer');
    return await tryLater(desk, payment, !sent);
  }
}

/** An attempt that provably never left may go to another provider the next time. */
async function tryLater(desk: Desk, payment: InHand, freeProvider: boolean): Promise<undefined> {
  const { orderId, id } = payment;
  const due = { orderId, id, inMs: retryInMs(payment) };
  // Taking it up counted this try.
  const free = freeProvider && payment.isFirstAsk ? { freeAfterTry: payment.tries + 1 } : {};
  await withTransaction(desk.database, (client) => schedulePayments(client, [{ ...due, ...free }]));
  return undefined;
}

async function outcomeOfCharge(desk: Desk, payment: InHand, state: ChargeState): Promise<Outcome> {
  const { ref } = state;
  switch (state.state) {
    case 'captured':
      return { payment, to: 'CAPTURED', ref };
    case 'declined':
      return { payment, to: 'FAILED', ref, failure: state.reason };
    case 'cancelled':
      return { payment, to: 'CANCELLED', ref };
    case 'processing':
      return { payment, to: 'PENDING', ref, againInMs: retryInMs(payment) };
    case 'action': {
      const { actionUrl } = state;
      const waiting = { payment, to: 'PENDING', ref, actionUrl, againInMs: INTERVALS.paymentActionPollMs } as const;
      if (payment.actionUrl === actionUrl) return waiting;
      const holdUntilMs = await giveTime(desk, payment);
      return holdUntilMs === undefined ? waiting : { ...waiting, holdUntilMs };
    }
  }
}

/** Their bank asks them something: the hold waits for it. */
async function giveTime({ holds, clock, log }: Desk, payment: InHand): Promise<number | undefined> {
  const { dropId, region, orderId: claimId } = payment;
  // The units of the store wait for their order's row, which is written with the outcome; but not for one card after another.
  if (dropId === null || region === null) {
    return Math.min(clock.now() + LIFETIMES.actionHoldMs, timeOfId(claimId) + LIFETIMES.storeHoldMostMs);
  }
  try {
    const [reply] = await holds.extend(dropId, region, [{ claimId, untilMs: clock.now() + LIFETIMES.actionHoldMs }]);
    return reply?.reply === 'EXTENDED' ? reply.holdUntilMs : undefined;
  } catch (error) {
    log.warn({ err: error, claimId }, 'a hold could not be given more time');
    return undefined;
  }
}

function chargeOf(payment: InHand): Charge {
  const { id: paymentId, orderId, amountMinor, currency, methodToken, providerRef } = payment;
  const charge = { paymentId, orderId, amountMinor, currency, methodToken: methodToken ?? '' };
  return providerRef === null ? charge : { ...charge, ref: providerRef };
}

export function retryInMs({ tries }: Pick<InHand, 'tries'>): number {
  const { paymentRetryMinMs: minMs, paymentRetryMaxMs: maxMs } = INTERVALS;
  return backoffMs(tries + 1, { minMs, maxMs });
}
