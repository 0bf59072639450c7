import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Webhook } from '../../../commerce/payments/provider.ts';
import { StripeProvider } from '../../../commerce/payments/stripe-provider.ts';
import { eventually } from '../../../test/servers/eventually.ts';
import {
  GATEWAY_KEY,
  GATEWAY_WEBHOOK_SECRET,
  startTestGateway,
  type TestGateway,
} from '../../../test/servers/payment-gateway.ts';
import { signatureOf } from './webhooks.ts';

interface Received {
  readonly body: Buffer;
  readonly signature: string;
}

const received: Received[] = [];
let [answerWith, refused] = [200, 0];
let shop: Server;
let gateway: TestGateway;
let stripe: StripeProvider;

beforeAll(async () => {
  shop = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
    if (answerWith === 200) {
      received.push({ body: Buffer.concat(chunks), signature: String(request.headers['stripe-signature']) });
    } else refused += 1;
    response.writeHead(answerWith).end();
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const address = shop.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  gateway = await startTestGateway({ webhookUrl: `http://127.0.0.1:${address.port}/hooks` });
  stripe = new StripeProvider({
    name: 'stripe',
    apiUrl: gateway.url,
    apiKey: GATEWAY_KEY,
    webhookSecret: GATEWAY_WEBHOOK_SECRET,
    returnUrl: 'http://127.0.0.1:3000/',
    connections: 8,
  });
});
afterAll(async () => {
  stripe?.close();
  await gateway?.end();
  shop?.closeAllConnections();
  shop?.close();
});
beforeEach(() => {
  received.length = 0;
  [answerWith, refused] = [200, 0];
});
afterEach(() => gateway.clearFaults());

const charge = (methodToken: string, paymentId: string = randomUUID()) =>
  stripe.charge({ paymentId, orderId: randomUUID(), amountMinor: 700, currency: 'EUR', methodToken });

function read({ body, signature }: Received): Extract<Webhook, { ok: true }> {
  const webhook = stripe.readWebhook(body, signature);
  if (!webhook.ok) throw new Error(webhook.reason);
  return webhook;
}

async function arrived(count: number): Promise<readonly Received[]> {
  await eventually(() => received.length >= count, { withinMs: 10_000 });
  return received;
}

describe('webhooks', () => {
  it('tell of everything that happens to a payment, signed', async () => {
    const paid = await charge('pm_card_visa');
    await stripe.refund({ refundId: randomUUID(), paymentId: 'p', ref: paid.ref, amountMinor: 1 });
    const declined = await charge('pm_card_chargeDeclined');
    const asked = await charge('pm_card_threeDSecure2Required');
    await stripe.cancel({
      paymentId: 'x',
      orderId: 'x',
      amountMinor: 1,
      currency: 'EUR',
      methodToken: '',
      ref: asked.ref,
    });
    const told = (await arrived(5)).map(read).map(({ type, ref }) => `${type} ${ref}`);
    expect(told.sort()).toEqual(
      [
        `charge.refunded ${paid.ref}`,
        `payment_intent.canceled ${asked.ref}`,
        `payment_intent.payment_failed ${declined.ref}`,
        `payment_intent.requires_action ${asked.ref}`,
        `payment_intent.succeeded ${paid.ref}`,
      ].sort(),
    );
  });

  it('are refused when they were changed, signed by another, or are too old', async () => {
    await charge('pm_card_visa');
    const [{ body, signature } = { body: Buffer.from(''), signature: '' }] = await arrived(1);
    expect(stripe.readWebhook(body, signature).ok).toBe(true);
    const changed = Buffer.from(body.toString().replace('700', '701'));
    const text = body.toString();
    const nowSeconds = Math.floor(Date.now() / 1_000);
    const wrong: readonly (readonly [Buffer, string])[] = [
      [changed, signature],
      [body, signatureOf(text, 'whsec_of_somebody_else', nowSeconds)],
      [body, signatureOf(text, GATEWAY_WEBHOOK_SECRET, nowSeconds - 3_600)],
      [body, signature.replace(/t=\d+/, 't=1')],
      [body, ''],
      [body, 'nonsense'],
      [Buffer.from(''), signature],
    ];
    for (const [sent, by] of wrong) expect(stripe.readWebhook(sent, by)).toMatchObject({ ok: false });
    const signed = (json: string) =>
      stripe.readWebhook(Buffer.from(json), signatureOf(json, GATEWAY_WEBHOOK_SECRET, nowSeconds));
    for (const json of ['null', '[]', '{}', '{"id":1}', 'not json', '"text"']) expect(signed(json).ok).toBe(false);
    expect(signed('{"id":"evt_1","type":"other"}')).toMatchObject({
      ok: true,
      eventId: 'evt_1',
      type: 'other',
      ref: undefined,
    });
  });

  it('come again until they are taken', async () => {
    answerWith = 503;
    await charge('pm_card_visa');
    await eventually(() => refused >= 2, { withinMs: 10_000 });
    answerWith = 200;
    expect((await arrived(1)).map(read)).toHaveLength(1);
  });

  it('come twice, with the same id, when that is asked for', async () => {
    await gateway.setFaults({ webhookDuplicateRate: 1 });
    await charge('pm_card_visa');
    const events = (await arrived(2)).map(read);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(1);
  });

  it('get lost when that is asked for', async () => {
    const before = (await gateway.webhooks()).lost ?? 0;
    await gateway.setFaults({ webhookLostRate: 1 });
    await charge('pm_card_visa');
    await gateway.clearFaults();
    const known = await charge('pm_card_visa');
    expect((await arrived(1)).map(read).map(({ ref }) => ref)).toEqual([known.ref]);
    expect((await gateway.webhooks()).lost).toBe(before + 1);
  });

  it('come in another order when that is asked for', async () => {
    await gateway.setFaults({ webhookShuffle: true, seed: 2 });
    const refs: string[] = [];
    for (let at = 0; at < 12; at += 1) refs.push((await charge('pm_card_visa', `shuffled-${at}`)).ref);
    const told = (await arrived(12)).map(read).map(({ ref }) => ref);
    expect(told).not.toEqual(refs);
    expect([...told].sort()).toEqual([...refs].sort());
  });
});
