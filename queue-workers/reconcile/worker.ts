import { createProviders, PAYMENT_VARIABLES, type PaymentVariable } from '../../commerce/payments/providers.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { loadRegionRedisUrls } from '../../platform/config/load.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { createLeadership } from '../leadership.ts';
import type { Worker } from '../worker.ts';
import { createReconciler } from './reconciler.ts';
import { startReconcile } from './rounds.ts';

type Variable =
  | ('REDIS_URL' | 'REDIS_PREFIX' | 'REGIONS' | 'REDIS_MODE' | 'CLAIM_DURABILITY')
  | ('KAFKA_BROKERS' | 'KAFKA_TOPIC_PREFIX' | 'DATABASE_URL' | PaymentVariable);

export const reconcileWorker = {
  name: 'reconcile',
  variables: [
    ...(['REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE', 'CLAIM_DURABILITY'] as const),
    ...(['KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX', 'DATABASE_URL'] as const),
    ...PAYMENT_VARIABLES,
  ],
  async start({ config, env, clock, log, metrics, onStop, addCheck }) {
    const regionUrls = loadRegionRedisUrls(env, config.REGIONS, config.REDIS_URL);
    const { REDIS_URL: homeUrl, REDIS_MODE: mode, CLAIM_DURABILITY: durability } = config;
    const shards = await connectShards({ homeUrl, regionUrls, name: 'reconcile', log, mode, durability });
    onStop('reconcile: redis', () => shards.close());
    for (const check of shards.checks) addCheck({ ...check, name: `reconcile: ${check.name}` });
    const database = connectPostgres({ url: config.DATABASE_URL, max: 2, name: 'reconcile', log });
    onStop('reconcile: postgres', () => database.end());
    addCheck(postgresCheck(database, 'reconcile: postgres'));
    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'reconcile', log });
    onStop('reconcile: kafka', () => kafka.close());
    addCheck({ ...kafka.check, name: 'reconcile: kafka' });
    const publisher = await kafka.createPublisher();
    const providers = createProviders(config);
    onStop('reconcile: providers', () => providers.close());

    const keys = createKeys(config.REDIS_PREFIX);
    const leader = metrics.gauge({ name: 'dropgate_reconcile_leader', help: '1 in the process that leads.' });
    const findings = metrics.counter({
      name: 'dropgate_reconcile_findings_total',
      help: 'What was not as it must be, by kind, and whether it could be mended.',
      labels: ['kind', 'mended'],
    });
    const failures = metrics.counter({
      name: 'dropgate_reconcile_failures_total',
      help: 'Rounds or parts that failed.',
    });
    const reconcile = startReconcile({
      core: {
        ...{ database, shards, keys, kafka, publisher, topicPrefix: config.KAFKA_TOPIC_PREFIX },
        ...{ clock, nextId: createIdSource(clock), dryRun: false },
        providers: providers.names.flatMap((name) => providers.byName(name) ?? []),
        graceMs: INTERVALS.reconcileGraceMs,
        windowMs: INTERVALS.reconcileWindowMs,
        booksMs: INTERVALS.reconcileBooksMs,
      },
      reconciler: createReconciler(),
      leadership: createLeadership({
        redis: shards.home.redis,
        key: keys.reconcileLeader,
        lockMs: INTERVALS.reconcileLockMs,
        onLost: (error) => log.warn({ err: error }, 'the lead was lost'),
      }),
      log,
      metrics: {
        leads: (isLeader) => leader.set(isLeader ? 1 : 0),
        found: ({ kind, mended }) => findings.inc({ kind, mended: String(mended) }),
        failed: () => failures.inc(),
      },
    });
    onStop('reconcile', () => reconcile.stop());
  },
} satisfies Worker<Variable>;
