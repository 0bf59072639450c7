import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { freePort } from '../../scripts/servers/ports.ts';
import { type OurProcess, startOurProcess } from './dropgate.ts';
import { FromBeforeAll } from './from-before-all.ts';

export const GATEWAY_KEY = 'sk_test_of_a_test_0123456789';
export const GATEWAY_WEBHOOK_SECRET = 'whsec_of_a_test_0123456789';

export interface PaymentInBooks {
  readonly intents: number;
  readonly captures: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly refunds: number;
}

/** The local payment gateway as a process of its own, with books of its own. */
export interface TestGateway {
  readonly url: string;
  kill(): Promise<void>;
  /** Again, on the same books and the same port. */
  restart(): Promise<void>;
  setFaults(faults: Readonly<Record<string, unknown>>): Promise<void>;
  clearFaults(): Promise<void>;
  books(): Promise<Readonly<Record<string, PaymentInBooks>>>;
  webhooks(): Promise<Readonly<Record<string, number>>>;
  end(): Promise<void>;
}

export async function startTestGateway(options: { readonly webhookUrl?: string } = {}): Promise<TestGateway> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dropgate-gateway-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = async (): Promise<OurProcess> =>
    startOurProcess('scripts/local/payment-gateway/main.ts', {
      DATA_DIR: dataDir,
      LOCAL_GATEWAY_PORT: String(port),
      LOCAL_GATEWAY_WEBHOOK_URL: options.webhookUrl ?? '',
      PAYMENT_API_KEY: GATEWAY_KEY,
      PAYMENT_WEBHOOK_SECRET: GATEWAY_WEBHOOK_SECRET,
      OPS_PORT: String(await freePort()),
    });
  let running = await start();
  const faults = async (init: RequestInit) => {
    const response = await fetch(`${url}/_control/faults`, init);
    if (!response.ok) throw new Error(await response.text());
  };
  return {
    url,
    kill: () => running.kill(),
    restart: async () => {
      running = await start();
    },
    setFaults: (asked) =>
      faults({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(asked) }),
    clearFaults: () => faults({ method: 'DELETE' }),
    books: async () => (await getJson(`${url}/_control/books`)).payments,
    webhooks: () => getJson(`${url}/_control/webhooks`),
    end: async () => {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** One for the whole test file. */
export function useGateway(): TestGateway {
  const gateway = new FromBeforeAll<TestGateway>('the payment gateway');
  beforeAll(async () => gateway.set(await startTestGateway()));
  afterAll(() => gateway.valueIfThere?.end());
  return {
    get url() {
      return gateway.value.url;
    },
    kill: () => gateway.value.kill(),
    restart: () => gateway.value.restart(),
    setFaults: (asked) => gateway.value.setFaults(asked),
    clearFaults: () => gateway.value.clearFaults(),
    books: () => gateway.value.books(),
    webhooks: () => gateway.value.webhooks(),
    end: () => gateway.value.end(),
  };
}

async function getJson(url: string) {
  const response = await fetch(url);
  return JSON.parse(await response.text());
}
