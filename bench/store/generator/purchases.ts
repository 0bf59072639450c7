/** Purchases: something into the cart, a checkout, an order. Closed or open loop; each by one connection, one after the other. */
import { Agent, request } from 'node:http';
import { encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { createLatencies } from '../../crew/histograms.ts';
import { inMs } from './in-ms.ts';
import type { Bought, Buy, Buyer, Latency } from './notes.ts';
import { recordSince, runWhenDue } from './open-loop.ts';

const API = '/api/v1';
const TIMEOUT_MS = 10_000;
const P50 = 50;
const P99 = 99;
const ADDRESS = { recipient: 'A Shopper', line1: '1 High Street', city: 'Graz', postalCode: '8010', country: 'AT' };

export async function buyAll(buy: Buy): Promise<Bought> {
  const { connections, seconds, perSecond, buyers } = buy;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const [checkout, order, both] = [createLatencies(), createLatencies(), createLatencies()];
  const orders: { id: string; token: string }[] = [];
  const answeredAtMs: number[] = [];
  let failed = 0;
  let failure: string | null = null;
  let next = 0;

  async function buyOnce(dueMs?: number): Promise<void> {
    const buyer = buyers[next % buyers.length];
    next += 1;
    if (buyer === undefined) throw new Error('There is nobody who buys.');
    try {
      orders.push({ id: await purchase(buyer, dueMs), token: buyer.token });
      answeredAtMs.push(performance.now() - startMs);
    } catch (error) {
      failed += 1;
      failure ??= error instanceof Error ? error.message : String(error);
    }
  }

  async function purchase({ token, sku }: Buyer, dueMs: number | undefined): Promise<string> {
    const ask = (path: string, body: object) => post({ url: buy.url, path: `${API}${path}`, token, body, agent });
    // For a free connection. The filling of the cart is measured elsewhere.
    const waitedMs = dueMs === undefined ? 0 : Math.max(0, performance.now() - dueMs);
    await ask('/cart/items', { sku, quantity: 1 });
    const checkoutFromMs = performance.now();
    const opened = await ask('/cart/checkout', { address: ADDRESS, paymentMethod: { kind: 'wallet' } });
    recordSince(checkout, checkoutFromMs);
    const orderFromMs = performance.now();
    const { id } = await ask('/orders', { checkoutId: opened.id });
    recordSince(order, orderFromMs);
    recordSince(both, checkoutFromMs - waitedMs);
    return id;
  }

  const startMs = performance.now();
  if (perSecond === undefined) {
    const endMs = startMs + seconds * 1_000;
    const connection = async (): Promise<void> => {
      while (performance.now() < endMs) await buyOnce();
    };
    await Promise.all(Array.from({ length: connections }, connection));
  } else {
    await runWhenDue(
      { perSecond, seconds },
      Array.from({ length: connections }, () => buyOnce),
    );
  }
  const tookSeconds = (performance.now() - startMs) / 1_000;
  agent.destroy();
  return {
    ...{ t: 'bought', ordersPerSecond: orders.length / tookSeconds, orders, answeredAtMs, failed, failure },
    ...{ checkout: latencyOf(checkout), order: latencyOf(order), both: latencyOf(both) },
  };
}

function latencyOf(latencies: Histogram): Latency {
  return {
    p50Ms: inMs(latencies.getValueAtPercentile(P50)),
    p99Ms: inMs(latencies.getValueAtPercentile(P99)),
    maxMs: inMs(latencies.maxValue),
    histogram: encodeIntoCompressedBase64(latencies),
  };
}

interface Post {
  readonly url: string;
  readonly path: string;
  readonly token: string;
  readonly body: object;
  readonly agent: Agent;
}

/** What was made; fails with what was answered instead. */
function post({ url, path, token, body, agent }: Post): Promise<{ readonly id: string }> {
  const text = JSON.stringify(body);
  const headers = {
    ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...{ 'content-length': String(Buffer.byteLength(text)), 'idempotency-key': crypto.randomUUID() },
  };
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, url), { method: 'POST', agent, headers, timeout: TIMEOUT_MS });
    asked.once('timeout', () => asked.destroy(new Error(`${path}: no answer`)));
    asked.once('error', reject);
    asked.once('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        const said = Buffer.concat(chunks).toString();
        const { statusCode = 0 } = answer;
        if (statusCode >= 200 && statusCode < 300) resolve({ id: idOf(said) });
        else reject(new Error(`${path} was answered ${statusCode}: ${said}`));
      });
    });
    asked.end(text);
  });
}

/** Of what was made, where it has one: a cart has none. */
function idOf(said: string): string {
  const made: unknown = JSON.parse(said);
  return typeof made === 'object' && made !== null && 'id' in made && typeof made.id === 'string' ? made.id : '';
}
