import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import Stripe from 'stripe';
import { afterEach, describe, expect, it } from 'vitest';
import { GATEWAY_KEY, GATEWAY_WEBHOOK_SECRET, useGateway } from '../../../test/servers/payment-gateway.ts';
import { freePort } from '../../servers/ports.ts';

const gateway = useGateway();
afterEach(() => gateway.clearFaults());

/** The official SDK, with nothing changed but where it calls. */
function sdk(options: { apiKey?: string; timeout?: number } = {}): Stripe {
  const { hostname, port } = new URL(gateway.url);
  return new Stripe(options.apiKey ?? GATEWAY_KEY, {
    protocol: 'http',
    host: hostname,
    port,
    maxNetworkRetries: 0,
    timeout: options.timeout ?? 5_000,
    telemetry: false,
  });
}

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'none',
    ({ type, code, statusCode, decline_code: declineCode }) => ({ type, code, statusCode, declineCode }),
  );
}

const sale = { amount: 1_000, currency: 'eur', payment_method: 'pm_card_visa' } as const;

describe('idempotency keys', () => {
  it('give the first answer for ever, also an old one', async () => {
    const stripe = sdk();
    const opened = await stripe.paymentIntents.create(sale, { idempotencyKey: 'first' });
    await stripe.paymentIntents.confirm(opened.id);
    const again = await stripe.paymentIntents.create(sale, { idempotencyKey: 'first' });
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(again).toEqual(opened);
    expect(again.status).toBe('requires_confirmation');
  });

  it('are refused with other content or for another call, and while the first one is under way', async () => {
    const stripe = sdk();
    await stripe.paymentIntents.create(sale, { idempotencyKey: 'mine' });
    const other = stripe.paymentIntents.create({ ...sale, amount: 1_001 }, { idempotencyKey: 'mine' });
    expect(await errorOf(other)).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
    await gateway.setFaults({ delayMs: 500 });
    const slow = stripe.paymentIntents.create(sale, { idempotencyKey: 'slow' });
    const meanwhile = await Promise.all(
      [1, 2].map(() => errorOf(stripe.paymentIntents.create(sale, { idempotencyKey: 'slow' }))),
    );
    // Whichever of the three came first is under way, the others hear of it.
    const answers = [...meanwhile, await errorOf(slow)];
    expect(answers.filter((answer) => answer === 'none')).toHaveLength(1);
    expect(answers.filter((answer) => answer !== 'none')).toEqual(
      [1, 2].map(() => expect.objectContaining({ statusCode: 409, code: 'idempotency_key_in_use' })),
    );
  });

  it('are not used up by a call that is refused before it begins', async () => {
    const stripe = sdk();
    const wrong = stripe.paymentIntents.create({ ...sale, amount: 0 }, { idempotencyKey: 'typo' });
    expect(await errorOf(wrong)).toMatchObject({ type: 'StripeInvalidRequestError', code: 'amount_too_small' });
    expect((await stripe.paymentIntents.create(sale, { idempotencyKey: 'typo' })).status).toBe('requires_confirmation');
  });

  it('keep a decline', async () => {
    const stripe = sdk();
    const declined = { ...sale, payment_method: 'pm_card_chargeDeclinedInsufficientFunds', confirm: true };
    const ask = () => errorOf(stripe.paymentIntents.create(declined, { idempotencyKey: 'declined' }));
    expect(await ask()).toEqual({
      type: 'StripeCardError',
      code: 'card_declined',
      statusCode: 402,
      declineCode: 'insufficient_funds',
    });
    expect(await ask()).toEqual(await ask());
  });
});

describe('the API', () => {
  it('wants its key', async () => {
    const call = sdk({ apiKey: 'sk_test_another_0123456789' }).paymentIntents.create(sale);
    expect(await errorOf(call)).toMatchObject({ type: 'StripeAuthenticationError', statusCode: 401 });
    expect((await fetch(`${gateway.url}/v1/payment_intents`)).status).toBe(401);
  });

  it('knows what it does not know', async () => {
    const stripe = sdk();
    expect(await errorOf(stripe.paymentIntents.retrieve('pi_nothing'))).toMatchObject({ code: 'resource_missing' });
    expect(await errorOf(stripe.customers.list())).toMatchObject({ statusCode: 404 });
    const big = fetch(`${gateway.url}/v1/refunds`, {
      method: 'POST',
      body: 'x'.repeat(100_000),
      headers: { authorization: `Bearer ${GATEWAY_KEY}` },
    });
    expect((await big).status).toBe(413);
  });

  it('captures an intent once, whatever the keys', async () => {
    const stripe = sdk();
    const { id } = await stripe.paymentIntents.create(sale);
    const all = await Promise.all(Array.from({ length: 10 }, () => errorOf(stripe.paymentIntents.confirm(id))));
    expect(all.filter((answer) => answer === 'none')).toHaveLength(1);
    expect((await gateway.books())[id]).toMatchObject({ captures: 1 });
  });

  it('can be called with more than one page, from any place', async () => {
    const stripe = sdk();
    for (let count = 0; count < 5; count += 1) await stripe.paymentIntents.create(sale);
    const all: string[] = [];
    for await (const { id } of stripe.paymentIntents.list({ limit: 2 })) all.push(id);
    expect(new Set(all).size).toBe(all.length);
    const { data } = await stripe.paymentIntents.list({ limit: 2, starting_after: all[1] ?? '' });
    expect(data.map(({ id }) => id)).toEqual(all.slice(2, 4));
  });
});

describe('faults', () => {
  it('are refused when they cannot be, and told as they are', async () => {
    await expect(gateway.setFaults({ declineRate: 2 })).rejects.toThrow('declineRate must be from 0 to 1');
    await expect(gateway.setFaults({ unknown: 1 })).rejects.toThrow('unknown is unknown');
    const fromAPage = await fetch(`${gateway.url}/_control/faults`, { method: 'POST', body: '{"declineRate":1}' });
    expect(fromAPage.status).toBe(415);
    await gateway.setFaults({ declineRate: 0.5, seed: 9 });
    const told = await (await fetch(`${gateway.url}/_control/faults`)).json();
    expect(told).toMatchObject({ declineRate: 0.5, seed: 9, errorRate: 0 });
  });

  it('hit the same payments for the same seed', async () => {
    const stripe = sdk();
    const fates = async () =>
      Promise.all(
        Array.from({ length: 40 }, (_, at) =>
          errorOf(stripe.paymentIntents.create({ ...sale, confirm: true, metadata: { payment_id: `seeded-${at}` } })),
        ),
      );
    await gateway.setFaults({ declineRate: 0.5, seed: 4 });
    const first = await fates();
    expect(await fates()).toEqual(first);
    const declined = first.filter((fate) => fate !== 'none').length;
    expect(declined).toBeGreaterThan(8);
    expect(declined).toBeLessThan(32);
    await gateway.setFaults({ seed: 5 });
    expect(await fates()).not.toEqual(first);
  });
});

it('does not run in production', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      NODE_ENV: 'production',
      OPS_PORT: String(await freePort()),
      LOCAL_GATEWAY_PORT: String(await freePort()),
      PAYMENT_API_KEY: GATEWAY_KEY,
      PAYMENT_WEBHOOK_SECRET: GATEWAY_WEBHOOK_SECRET,
    },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(78);
  expect(said).toContain('takes no real money');
});
