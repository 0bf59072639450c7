import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../platform/config/load.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { freePort } from '../../test/servers/free-port.ts';
import { GATEWAY_KEY, GATEWAY_WEBHOOK_SECRET, useGateway } from '../../test/servers/payment-gateway.ts';
import { createProviders, type Providers, type ProvidersOptions } from './providers.ts';

const gateway = useGateway();
const open: Providers[] = [];
afterEach(() => {
  for (const providers of open.splice(0)) providers.close();
});

function configured(firstUrl: string, fallbackUrl: string, options: ProvidersOptions = {}): Providers {
  const hasFallback = fallbackUrl !== '';
  const providers = createProviders(
    {
      PAYMENT_API_URL: firstUrl,
      PAYMENT_API_KEY: GATEWAY_KEY,
      PAYMENT_WEBHOOK_SECRET: GATEWAY_WEBHOOK_SECRET,
      PAYMENT_FALLBACK_API_URL: fallbackUrl,
      PAYMENT_FALLBACK_API_KEY: hasFallback ? GATEWAY_KEY : '',
      PAYMENT_FALLBACK_WEBHOOK_SECRET: hasFallback ? GATEWAY_WEBHOOK_SECRET : '',
      PAYMENT_CONCURRENCY: 8,
      PAYMENT_RETURN_URL: 'http://127.0.0.1:3000/',
    },
    options,
  );
  open.push(providers);
  return providers;
}

const charge = () => ({
  paymentId: randomUUID(),
  orderId: randomUUID(),
  amountMinor: 100,
  currency: 'EUR',
  methodToken: 'pm_card_visa',
});

describe('createProviders', () => {
  it('asks the first one, and knows both by name', () => {
    const providers = configured(gateway.url, gateway.url);
    expect(providers.choose()?.name).toBe('stripe');
    expect(providers.byName('stripe-fallback')?.name).toBe('stripe-fallback');
    expect(providers.byName('nobody')).toBeUndefined();
    expect(configured(gateway.url, '').names).toEqual(['stripe']);
  });

  it('falls over when nothing can have left, and goes back when the first one answers again', async () => {
    const calls: string[] = [];
    const guard = { restMs: 200, failuresInRow: 2, tries: 1 };
    const port = await freePort();
    const providers = configured(`http://127.0.0.1:${port}`, gateway.url, {
      guard,
      onCall: (provider, kind, outcome) => calls.push(`${provider} ${kind} ${outcome}`),
    });
    for (let count = 0; count < 2; count += 1) {
      expect(providers.choose()?.name).toBe('stripe');
      await expect(providers.choose()?.charge(charge())).rejects.toMatchObject({ sent: false });
    }
    expect(providers.choose()?.name).toBe('stripe-fallback');
    expect(Object.fromEntries(providers.breakers())).toEqual({ stripe: 'open', 'stripe-fallback': 'closed' });
    await expect(providers.choose()?.charge(charge())).resolves.toMatchObject({ state: 'captured' });
    expect(calls).toEqual([
      'stripe open unreachable',
      'stripe open unreachable',
      'stripe-fallback open ok',
      'stripe-fallback confirm ok',
    ]);
    // It has rested: one call may try it again.
    await eventually(() => providers.choose()?.name === 'stripe', { withinMs: 2_000 });
  });

  it('chooses nobody while none of them works', async () => {
    const closed = `http://127.0.0.1:${await freePort()}`;
    const providers = configured(closed, '', { guard: { failuresInRow: 1, tries: 1 } });
    await expect(providers.choose()?.charge(charge())).rejects.toMatchObject({ sent: false });
    expect(providers.choose()).toBeUndefined();
  });

  it('wants the key of a second provider as well', () => {
    const config = {
      PAYMENT_API_URL: 'http://127.0.0.1:1',
      PAYMENT_API_KEY: GATEWAY_KEY,
      PAYMENT_WEBHOOK_SECRET: GATEWAY_WEBHOOK_SECRET,
      PAYMENT_FALLBACK_API_URL: 'http://127.0.0.1:2',
      PAYMENT_FALLBACK_API_KEY: '',
      PAYMENT_FALLBACK_WEBHOOK_SECRET: GATEWAY_WEBHOOK_SECRET,
      PAYMENT_CONCURRENCY: 8,
      PAYMENT_RETURN_URL: 'http://127.0.0.1:3000/',
    };
    expect(() => createProviders(config)).toThrow(ConfigError);
    expect(() => createProviders(config)).toThrow('PAYMENT_FALLBACK_API_KEY is not set');
  });
});
