import { createProviders, PAYMENT_VARIABLES, type PaymentVariable } from '../../commerce/payments/providers.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { countDuePayments } from '../../db/queries/count-due-payments.ts';
import { loadRegionRedisUrls } from '../../platform/config/load.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import type { Metrics } from '../../platform/metrics.ts';
import { createHolds } from '../../reservation-core/holds.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import type { Worker } from '../worker.ts';
import type { PaymentsMetrics } from './desk.ts';
import { createEventMaker } from './events.ts';
import { startPayments } from './payments.ts';
import { createPermits } from './permits.ts';

type Variable =
  | 'REDIS_URL'
  | 'REDIS_PREFIX'
  | 'REGIONS'
  | 'REDIS_MODE'
  | 'CLAIM_DURABILITY'
  | 'DATABASE_URL'
  | 'DATABASE_POOL'
  | PaymentVariable;

export const paymentsWorker = {
  name: 'payments',
  variables: [
    ...(['REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE', 'CLAIM_DURABILITY'] as const),
    ...(['DATABASE_URL', 'DATABASE_POOL', ...PAYMENT_VARIABLES] as const),
  ],
  async start({ config, env, log, clock, metrics, tracing, onStop, addCheck }) {
    const database = connectPostgres({ url: config.DATABASE_URL, max: config.DATABASE_POOL, name: 'payments', log });
    onStop('payments: postgres', () => database.end());
    addCheck(postgresCheck(database, 'payments: postgres'));

    const regionUrls = loadRegionRedisUrls(env, config.REGIONS, config.REDIS_URL);
    const { REDIS_URL: homeUrl, REDIS_MODE: mode, CLAIM_DURABILITY: durability } = config;
    const shards = await connectShards({ homeUrl, regionUrls, name: 'payments', log, mode, durability });
    onStop('payments: redis', () => shards.close());
    for (const check of shards.checks) addCheck({ ...check, name: `payments: ${check.name}` });

    const calls = metrics.histogram({
      name: 'dropgate_payment_call_seconds',
      help: 'One call of a payment provider.',
      labels: ['provider', 'call', 'outcome'],
    });
    const providers = createProviders(config, {
      onCall: (provider, call, outcome, seconds) => calls.observe({ provider, call, outcome }, seconds),
    });
    onStop('payments: providers', () => providers.close());

    const keys = createKeys(config.REDIS_PREFIX);
    const permits = new Map(
      providers.names.map((name) => {
        const limit = config.PAYMENT_CONCURRENCY;
        return [name, createPermits({ redis: shards.home.redis, key: keys.providerCalls(name), limit, log })] as const;
      }),
    );
    const nextId = createIdSource(clock);
    const payments = startPayments({
      database,
      holds: createHolds({ shards, keys }),
      providers,
      events: createEventMaker({ nextId, clock }),
      nextId,
      clock,
      log,
      tracing,
      metrics: createPaymentsMetrics(metrics),
      submit(provider, task) {
        const of = permits.get(provider);
        // Whoever is not configured is not called: the task finds that out, and needs no permit for it.
        if (of === undefined) void task();
        else of.submit(task);
      },
    });
    gauges(metrics, { providers, permits, due: () => countDuePayments(database) });
    // What was registered last is stopped first: no more work, then the calls under way, then what came of them.
    onStop('payments', () => payments.stop());
    onStop('payments: permits', async () => {
      await Promise.all([...permits.values()].map((one) => one.stop()));
    });
    onStop('payments: taking', () => payments.stopTaking());
  },
} satisfies Worker<Variable>;

function createPaymentsMetrics(metrics: Metrics): PaymentsMetrics {
  const results = metrics.counter({
    name: 'dropgate_payments_total',
    help: 'Tries to pay, and refunds, by how they ended.',
    labels: ['kind', 'provider', 'result'],
  });
  const steps = metrics.counter({
    name: 'dropgate_payment_steps_total',
    help: 'Steps that payments made.',
    labels: ['step'],
  });
  const failures = metrics.counter({
    name: 'dropgate_payment_failures_total',
    help: 'Batches of payments that could not be moved on, and are tried again.',
    labels: ['what'],
  });
  return {
    result: (kind, provider, result) => results.inc({ kind, provider, result }),
    step: (step, count) => steps.inc({ step }, count),
    failed: (what) => failures.inc({ what }),
  };
}

const BREAKER_STATES = { closed: 0, 'half-open': 1, open: 2 } as const;

function gauges(
  metrics: Metrics,
  sources: {
    readonly providers: ReturnType<typeof createProviders>;
    readonly permits: ReadonlyMap<string, { readonly waiting: number; readonly held: number }>;
    due(): Promise<number>;
  },
): void {
  const breaker = metrics.gauge({
    name: 'dropgate_payment_breaker_state',
    help: 'Of each payment provider: 0 asked, 1 tried, 2 left alone.',
    labels: ['provider'],
    collect() {
      for (const [provider, state] of sources.providers.breakers()) breaker.set({ provider }, BREAKER_STATES[state]);
    },
  });
  const held = metrics.gauge({
    name: 'dropgate_payment_permits_held',
    help: 'Permits to call a payment provider that this process has.',
    labels: ['provider'],
    collect() {
      for (const [provider, permits] of sources.permits) held.set({ provider }, permits.held);
    },
  });
  const waiting = metrics.gauge({
    name: 'dropgate_payment_calls_waiting',
    help: 'Payments in hand that wait for a permit.',
    labels: ['provider'],
    collect() {
      for (const [provider, permits] of sources.permits) waiting.set({ provider }, permits.waiting);
    },
  });
  const due = metrics.gauge({
    name: 'dropgate_payments_due',
    help: 'Payments that are due and that nobody has in hand.',
    async collect() {
      due.set(await sources.due());
    },
  });
}
