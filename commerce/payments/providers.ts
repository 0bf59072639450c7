/** The providers that are configured, in the order in which they are asked. */
import { type Config, ConfigError } from '../../platform/config/load.ts';
import { type BreakerState, GuardedProvider, type GuardOptions } from './guarded-provider.ts';
import type { PaymentProvider } from './provider.ts';
import { PROVIDER_NAMES } from './provider-names.ts';
import { type CallKind, type CallOutcome, StripeProvider } from './stripe-provider.ts';

export const PAYMENT_VARIABLES = [
  'PAYMENT_API_URL',
  'PAYMENT_API_KEY',
  'PAYMENT_WEBHOOK_SECRET',
  'PAYMENT_FALLBACK_API_URL',
  'PAYMENT_FALLBACK_API_KEY',
  'PAYMENT_FALLBACK_WEBHOOK_SECRET',
  'PAYMENT_CONCURRENCY',
  'PAYMENT_RETURN_URL',
] as const;
export type PaymentVariable = (typeof PAYMENT_VARIABLES)[number];

export interface ProvidersOptions {
  onCall?(provider: string, kind: CallKind, outcome: CallOutcome, seconds: number): void;
  readonly guard?: Partial<GuardOptions>;
  readonly timeoutMs?: number;
}

export interface Providers {
  readonly names: readonly string[];
  /** For an attempt that no provider was asked about yet: the first that works. Nothing while none does. */
  choose(): PaymentProvider | undefined;
  /** For an attempt that belongs to a provider: only this one can say what became of it. */
  byName(name: string): PaymentProvider | undefined;
  /** For a metric. */
  breakers(): ReadonlyMap<string, BreakerState>;
  close(): void;
}

export function createProviders(config: Config<PaymentVariable>, options: ProvidersOptions = {}): Providers {
  const first = {
    name: PROVIDER_NAMES.first,
    apiUrl: config.PAYMENT_API_URL,
    apiKey: config.PAYMENT_API_KEY,
    webhookSecret: config.PAYMENT_WEBHOOK_SECRET,
  };
  const fallback = {
    name: PROVIDER_NAMES.fallback,
    apiUrl: config.PAYMENT_FALLBACK_API_URL,
    apiKey: config.PAYMENT_FALLBACK_API_KEY,
    webhookSecret: config.PAYMENT_FALLBACK_WEBHOOK_SECRET,
  };
  checkFallback(config);
  const accounts = fallback.apiUrl === '' ? [first] : [first, fallback];
  const providers = accounts.map((account) => {
    const { onCall, timeoutMs, guard } = options;
    const stripe = new StripeProvider({
      ...account,
      returnUrl: config.PAYMENT_RETURN_URL,
      connections: config.PAYMENT_CONCURRENCY,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      onCall: (kind, outcome, seconds) => onCall?.(account.name, kind, outcome, seconds),
    });
    return { stripe, guarded: new GuardedProvider(stripe, guard) };
  });
  const byName = new Map(providers.map(({ guarded }) => [guarded.name, guarded]));
  return {
    names: [...byName.keys()],
    choose: () => [...byName.values()].find(({ isAvailable }) => isAvailable),
    byName: (name) => byName.get(name),
    breakers: () => new Map([...byName].map(([name, { breakerState }]) => [name, breakerState])),
    close: () => {
      for (const { stripe } of providers) stripe.close();
    },
  };
}

/** An address alone would be a second provider that refuses every call. */
function checkFallback(config: Config<PaymentVariable>): void {
  if (config.PAYMENT_FALLBACK_API_URL === '') return;
  const needed = ['PAYMENT_FALLBACK_API_KEY', 'PAYMENT_FALLBACK_WEBHOOK_SECRET'] as const;
  const missing = needed.filter((variable) => config[variable] === '');
  if (missing.length === 0) return;
  throw new ConfigError(
    missing.map((variable) => ({
      variable,
      message: `${variable} is not set: PAYMENT_FALLBACK_API_URL is, and cannot be used without it.`,
    })),
  );
}
