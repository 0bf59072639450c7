import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../test/servers/eventually.ts';
import { freePort } from '../../test/servers/free-port.ts';
import { GATEWAY_KEY, GATEWAY_WEBHOOK_SECRET, useGateway } from '../../test/servers/payment-gateway.ts';
import type { BookedCharge, Charge, ChargeState } from './provider.ts';
import { ProviderFailure } from './provider-failure.ts';
import { type CallKind, type CallOutcome, StripeProvider, type StripeProviderOptions } from './stripe-provider.ts';

const gateway = useGateway();
const open: StripeProvider[] = [];
afterEach(async () => {
  for (const provider of open.splice(0)) provider.close();
  await gateway.clearFaults();
});

function provider(options: Partial<StripeProviderOptions> = {}): StripeProvider {
  const made = new StripeProvider({
    name: 'stripe',
    apiUrl: gateway.url,
    apiKey: GATEWAY_KEY,
    webhookSecret: GATEWAY_WEBHOOK_SECRET,
    returnUrl: 'http://127.0.0.1:3000/back',
    connections: 64,
    timeoutMs: 5_000,
    ...options,
  });
  open.push(made);
  return made;
}

function charge(methodToken = 'pm_card_visa', more: Partial<Charge> = {}): Charge {
  return { paymentId: randomUUID(), orderId: randomUUID(), amountMinor: 1_999, currency: 'EUR', methodToken, ...more };
}

async function inBooks({ paymentId }: Charge) {
  return (await gateway.books())[paymentId];
}

async function failure(call: Promise<unknown>): Promise<ProviderFailure> {
  const error = await call.then(
    (value) => new Error(`it answered ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderFailure)) throw error;
  return error;
}

/** Asks again as the payments worker does, until something is known. */
async function untilKnown(call: () => Promise<ChargeState>): Promise<ChargeState> {
  for (let tries = 0; tries < 6; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error;
    }
  }
  throw new Error('nothing is known after six tries');
}

describe('charge', () => {
  it('takes the money once, however often it is asked, and tells of each call', async () => {
    const calls: [CallKind, CallOutcome][] = [];
    const stripe = provider({ onCall: (kind, outcome) => calls.push([kind, outcome]) });
    const asked = charge();
    const first = await stripe.charge(asked);
    expect(first.state).toBe('captured');
    expect(calls).toEqual([
      ['open', 'ok'],
      ['confirm', 'ok'],
    ]);
    expect(await stripe.charge(asked)).toEqual(first);
    expect(await stripe.charge({ ...asked, ref: first.ref })).toEqual(first);
    expect(await stripe.find(first.ref)).toEqual(first);
    expect(await inBooks(asked)).toMatchObject({ intents: 1, captures: 1, capturedMinor: 1_999 });
  });

  it('takes it once for many who ask at the same time', async () => {
    const asked = charge();
    const states = await Promise.all(
      Array.from({ length: 20 }, () => {
        const one = provider();
        return untilKnown(() => one.charge(asked));
      }),
    );
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['captured']));
    expect(new Set(states.map(({ ref }) => ref)).size).toBe(1);
    expect(await inBooks(asked)).toMatchObject({ intents: 1, captures: 1 });
  });

  it.each([
    ['pm_card_chargeDeclined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
    ['pm_card_nobodyKnows', 'invalid_payment_method'],
  ])('tells why %s was declined, and the same the next time', async (card, reason) => {
    const stripe = provider();
    const asked = charge(card);
    const declined = await stripe.charge(asked);
    expect(declined).toMatchObject({ state: 'declined', reason });
    expect(await stripe.charge(asked)).toEqual(declined);
    expect(await inBooks(asked)).toMatchObject({ intents: 1, captures: 0 });
  });

  it('is declined where the provider takes no such amount, and there is nothing to cancel', async () => {
    const stripe = provider();
    const asked = charge('pm_card_visa', { amountMinor: 100_000_000 });
    const declined = await stripe.charge(asked);
    expect(declined).toMatchObject({ state: 'declined', reason: 'amount_too_large' });
    expect((await stripe.find(declined.ref)).state).toBe('declined');
    expect((await stripe.cancel({ ...asked, ref: declined.ref })).state).toBe('cancelled');
  });

  it('sends the shopper to their bank, and knows what they did there', async () => {
    const stripe = provider();
    for (const [button, state] of [
      ['complete', 'captured'],
      ['fail', 'declined'],
    ] as const) {
      const asked = charge('pm_card_threeDSecure2Required');
      const asking = await stripe.charge(asked);
      if (asking.state !== 'action') throw new Error(`it is ${asking.state}`);
      expect(await stripe.charge(asked)).toEqual(asking);
      expect(await (await fetch(asking.actionUrl)).text()).toContain('Complete');
      const back = await fetch(`${asking.actionUrl}/${button}`, { method: 'POST', redirect: 'manual' });
      expect(back.headers.get('location')).toContain('http://127.0.0.1:3000/back?payment_intent=pi_');
      expect((await stripe.find(asking.ref)).state).toBe(state);
      // Asked again by its key, it tells how it is, not how it was.
      expect((await stripe.charge(asked)).state).toBe(state);
    }
  });

  it('waits for what the provider does not know yet', async () => {
    const stripe = provider();
    const asked = charge('pm_card_processing');
    const waiting = await stripe.charge(asked);
    expect(waiting.state).toBe('processing');
    await eventually(async () => (await stripe.charge({ ...asked, ref: waiting.ref })).state === 'captured', {
      withinMs: 10_000,
    });
    expect(await inBooks(asked)).toMatchObject({ captures: 1 });
  });
});

describe('what goes wrong on the way', () => {
  it.each([
    ['pm_card_timeoutAfterCapture', 'timeout'],
    ['pm_card_cutAfterCapture', 'unreachable'],
    ['pm_card_errorBeforeCapture', 'failing'],
    ['pm_card_errorAfterCapture', 'failing'],
  ] as const)('%s: nobody knows, and the next try finds it', async (card, kind) => {
    const stripe = provider({ timeoutMs: 500 });
    const asked = charge(card);
    const failed = await failure(stripe.charge(asked));
    expect(failed).toMatchObject({ kind, sent: true, isRetryable: true });
    expect((await stripe.charge(asked)).state).toBe('captured');
    expect(await inBooks(asked)).toMatchObject({ intents: 1, captures: 1 });
  });

  it('is busy with the same call: to be asked again', async () => {
    const asked = charge('pm_card_slow');
    const [impatient, patient] = [provider({ timeoutMs: 300 }), provider()];
    expect(await failure(impatient.charge(asked))).toMatchObject({ kind: 'timeout' });
    expect(await failure(impatient.charge(asked))).toMatchObject({ kind: 'in-use', sent: true, isRetryable: true });
    await eventually(async () => (await patient.charge(asked)).state === 'captured', {
      withinMs: 10_000,
      everyMs: 200,
    });
    expect(await inBooks(asked)).toMatchObject({ captures: 1 });
  });

  it('knows when nothing can have left, and when something has', async () => {
    const closed = provider({ apiUrl: `http://127.0.0.1:${await freePort()}` });
    expect(await failure(closed.charge(charge()))).toMatchObject({ kind: 'unreachable', sent: false });
    expect(await failure(closed.charge(charge('pm_card_visa', { ref: 'pi_1' })))).toMatchObject({ sent: true });
    const nameless = provider({ apiUrl: 'http://no-such-host.invalid' });
    expect(await failure(nameless.charge(charge()))).toMatchObject({ kind: 'unreachable', sent: false });
    // Takes the call and hangs up: the SDK alone would try once more and tell of the second try only.
    let connections = 0;
    const rude = createServer((socket) => {
      connections += 1;
      socket.once('data', () => socket.resetAndDestroy());
    });
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const address = rude.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const cut = provider({ apiUrl: `http://127.0.0.1:${address.port}` });
    expect(await failure(cut.charge(charge()))).toMatchObject({ kind: 'unreachable', sent: true });
    expect(connections).toBe(1);
    await new Promise((resolve) => rude.close(resolve));
  });

  it('says that the key is wrong, and does not show it', async () => {
    const locked = provider({ apiKey: 'sk_test_wrong_0123456789' });
    const failed = await failure(locked.charge(charge()));
    expect(failed).toMatchObject({ kind: 'locked-out', isRetryable: false, isOutage: true });
    expect(`${failed.message} ${JSON.stringify(failed)} ${String(failed.cause)}`).not.toContain('wrong');
  });

  it('finds everything, each captured once, in a storm of time-outs and errors', async () => {
    await gateway.setFaults({ timeoutRate: 0.2, errorRate: 0.3, declineRate: 0.2, seed: 7 });
    const stripe = provider({ timeoutMs: 300 });
    const all = Array.from({ length: 60 }, () => charge());
    const states = await Promise.all(all.map((one) => untilKnown(() => stripe.charge(one))));
    const books = await gateway.books();
    for (const [index, one] of all.entries()) {
      const captures = states[index]?.state === 'captured' ? 1 : 0;
      // Where its key answers with a mistake for ever, a second intent was opened; only one of them was ever confirmed.
      expect(books[one.paymentId]).toMatchObject({ captures, capturedMinor: captures * 1_999 });
    }
    const captured = states.filter(({ state }) => state === 'captured').length;
    expect(captured).toBeGreaterThan(30);
    expect(captured).toBeLessThan(60);
  });
});

describe('cancel', () => {
  it('cancels what was never opened, so that nobody can take it later', async () => {
    const stripe = provider();
    const asked = charge();
    const cancelled = await stripe.cancel(asked);
    expect(cancelled.state).toBe('cancelled');
    expect(await stripe.charge(asked)).toEqual(cancelled);
    expect(await stripe.cancel(asked)).toEqual(cancelled);
    expect(await inBooks(asked)).toMatchObject({ intents: 1, captures: 0 });
  });

  it('says that it is too late', async () => {
    const stripe = provider();
    const asked = charge();
    const { ref } = await stripe.charge(asked);
    expect(await stripe.cancel(asked)).toEqual({ state: 'captured', ref });
    expect(await stripe.cancel({ ...asked, ref })).toEqual({ state: 'captured', ref });
  });

  it('ends a charge that waits for its shopper, or was declined', async () => {
    const stripe = provider();
    for (const card of ['pm_card_threeDSecure2Required', 'pm_card_chargeDeclined']) {
      const asked = charge(card);
      const { ref } = await stripe.charge(asked);
      expect(await stripe.cancel({ ...asked, ref })).toEqual({ state: 'cancelled', ref });
    }
  });

  it('races with the charge: both agree on how it ended', async () => {
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const asked = charge();
        const [a, b] = [provider(), provider()];
        const [charged, cancelled] = await Promise.all([
          untilKnown(() => a.charge(asked)),
          untilKnown(() => b.cancel(asked)),
        ]);
        expect(charged).toEqual(cancelled);
        expect(await inBooks(asked)).toMatchObject({ intents: 1, captures: charged.state === 'captured' ? 1 : 0 });
      }),
    );
  });
});

describe('refund', () => {
  async function captured(): Promise<{ ref: string; asked: Charge }> {
    const asked = charge();
    const { ref } = await provider().charge(asked);
    return { ref, asked };
  }

  it('gives back once for one refund, however often it is asked', async () => {
    const stripe = provider();
    const { ref, asked } = await captured();
    const refund = { refundId: randomUUID(), paymentId: asked.paymentId, ref, amountMinor: 500 };
    const done = await stripe.refund(refund);
    expect(done.state).toBe('done');
    expect(await stripe.refund(refund)).toEqual(done);
    const together = await Promise.all([1, 2, 3].map(() => provider().refund(refund)));
    expect(together).toEqual([done, done, done]);
    expect(await inBooks(asked)).toMatchObject({ refundedMinor: 500, refunds: 1 });
  });

  it('gives back in parts, and never more than was taken', async () => {
    const stripe = provider();
    const { ref, asked } = await captured();
    const of = (amountMinor: number) => ({ refundId: randomUUID(), paymentId: asked.paymentId, ref, amountMinor });
    expect((await stripe.refund(of(1_000))).state).toBe('done');
    expect(await stripe.refund(of(1_000))).toEqual({ state: 'refused', reason: 'amount_too_large' });
    expect((await stripe.refund(of(999))).state).toBe('done');
    expect(await stripe.refund(of(1))).toEqual({ state: 'refused', reason: 'charge_already_refunded' });
    expect(await inBooks(asked)).toMatchObject({ refundedMinor: 1_999, refunds: 2 });
  });

  it('finds the refund that was made before the answer got lost', async () => {
    await gateway.setFaults({ timeoutRate: 0.5, errorRate: 1, seed: 3 });
    const stripe = provider({ timeoutMs: 300 });
    for (let count = 0; count < 10; count += 1) {
      const asked = charge();
      const { ref } = await untilKnown(() => stripe.charge(asked));
      const refund = { refundId: randomUUID(), paymentId: asked.paymentId, ref, amountMinor: 1_999 };
      await eventually(async () => (await stripe.refund(refund)).state === 'done', { withinMs: 8_000 });
      expect(await inBooks(asked)).toMatchObject({ refundedMinor: 1_999, refunds: 1 });
    }
  });
});

async function listed(stripe: StripeProvider, sinceMs: number): Promise<readonly BookedCharge[]> {
  const all: BookedCharge[] = [];
  for await (const one of stripe.booked(sinceMs)) all.push(one);
  return all;
}

describe('booked', () => {
  it('lists every charge since then, over all pages', async () => {
    const stripe = provider();
    const sinceMs = Date.now();
    const all = Array.from({ length: 230 }, () => charge());
    await Promise.all(all.map((one) => stripe.charge(one)));
    const [first] = all;
    if (first === undefined) throw new Error('there is none');
    const { ref } = await stripe.charge(first);
    await stripe.refund({ refundId: randomUUID(), paymentId: first.paymentId, ref, amountMinor: 99 });
    const books = new Map((await listed(stripe, sinceMs)).map((one) => [one.paymentId, one]));
    for (const { paymentId, orderId } of all) {
      expect(books.get(paymentId)).toMatchObject({ orderId, state: 'captured', capturedMinor: 1_999, currency: 'EUR' });
    }
    expect(books.get(first.paymentId)).toMatchObject({ ref, refundedMinor: 99 });
    expect(await listed(stripe, Date.now() + 60_000)).toEqual([]);
  });
});
