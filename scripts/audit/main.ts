import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createProviders, PAYMENT_VARIABLES } from '../../commerce/payments/providers.ts';
import { isUuidV7 } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { loadConfig, loadRegionRedisUrls } from '../../platform/config/load.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { exitCodeOf } from '../command-line/exit-code.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';
import { auditDrop } from './audit-drop.ts';
import { renderReport } from './render.ts';
import type { AuditReport } from './report.ts';
import { auditStore } from './store/audit-store.ts';
import { renderStoreReport } from './store/render.ts';
import type { StoreReport } from './store/store-check.ts';

const HELP = `npm run audit -- --drop ID [option]
npm run audit -- --store [--json FILE]

Holds everything that is known of a drop against everything else that is known of it: stock and holds in Redis, orders and
payments in PostgreSQL, what is on its way in Kafka, the books of the payment providers. Reads only. What each line means,
and what to do when one is broken: docs/LEDGER.md.

  --drop ID       the drop
  --store         the shelves, the orders of the store and all money instead: reads PostgreSQL only
  --wait SECONDS  how long to wait until nothing is on its way any more; 0 unless given
  --json FILE     all figures and ids as JSON, into a file; - for standard output, instead of the table
  --no-provider   do not ask the payment providers
  --help          this text

Exit code: 0 it adds up, 1 it does not, 2 something is still under way, 64 wrong usage, 78 wrong configuration.
The servers are those of the environment, or those that npm start runs (DATA_DIR/local.env).`;

const EXIT_OF: Readonly<Record<AuditReport['verdict'], number>> = { ok: 0, broken: 1, 'not drained': 2 };
/** A whole drop is read by one statement. */
const STATEMENT_TIMEOUT_MS = 600_000;
const VARIABLES = [
  ...(['DATABASE_URL', 'REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE'] as const),
  ...(['KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX'] as const),
];

interface Options {
  /** Without one, the store is audited. */
  readonly dropId: string | undefined;
  readonly waitMs: number;
  readonly json: string | undefined;
  readonly askProviders: boolean;
}

function readOptions(): Options | 'help' {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      drop: { type: 'string' },
      store: { type: 'boolean', default: false },
      wait: { type: 'string', default: '0' },
      json: { type: 'string' },
      provider: { type: 'boolean', default: true },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const waitMs = Number(values.wait) * 1_000;
  if (values.store && values.drop !== undefined) throw new Error('--drop or --store, not both.');
  const isDrop = values.drop !== undefined && isUuidV7(values.drop);
  if (!isDrop && !values.store) throw new Error('--drop needs the id of a drop.');
  if (!(waitMs >= 0)) throw new Error('--wait needs a number of seconds.');
  return { dropId: values.drop, waitMs, json: values.json, askProviders: values.provider };
}

async function audit({ waitMs, askProviders }: Options, dropId: string): Promise<AuditReport> {
  const environment = await commandEnvironment(process.env);
  const config = loadConfig(environment, VARIABLES);
  const regionUrls = loadRegionRedisUrls(environment, config.REGIONS, config.REDIS_URL);
  const log = createLogger({ name: 'audit', level: 'silent' });
  const { DATABASE_URL: url, REDIS_URL: homeUrl, REDIS_MODE: mode, KAFKA_BROKERS: brokers } = config;
  const database = connectPostgres({ url, max: 2, name: 'audit', log, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  const kafka = connectKafka({ brokers, clientId: 'audit', log });
  const closing: (() => Promise<void>)[] = [() => database.end(), () => kafka.close()];
  const providers = askProviders ? createProviders(loadConfig(environment, PAYMENT_VARIABLES)) : undefined;
  closing.push(async () => providers?.close());
  try {
    const shards = await connectShards({ homeUrl, regionUrls, name: 'audit', log, mode });
    closing.push(() => shards.close());
    return await auditDrop({
      ...{ database, kafka, topicPrefix: config.KAFKA_TOPIC_PREFIX, shards, keys: createKeys(config.REDIS_PREFIX) },
      ...{ clock: systemClock, dropId, waitMs, tell: (line) => console.error(line) },
      ...(providers === undefined
        ? {}
        : { providers: providers.names.flatMap((name) => providers.byName(name) ?? []) }),
    });
  } finally {
    await Promise.all(closing.map((close) => close()));
  }
}

async function auditTheStore(): Promise<StoreReport> {
  const { DATABASE_URL: url } = loadConfig(await commandEnvironment(process.env), ['DATABASE_URL']);
  const log = createLogger({ name: 'audit', level: 'silent' });
  const database = connectPostgres({ url, max: 1, name: 'audit', log, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  try {
    return await auditStore(database, systemClock.now());
  } finally {
    await database.end();
  }
}

async function tell(options: Options): Promise<number> {
  const { dropId } = options;
  if (dropId === undefined) {
    const report = await auditTheStore();
    return await say(options, report, renderStoreReport(report));
  }
  const report = await audit(options, dropId);
  return await say(options, report, renderReport(report));
}

async function say({ json: file }: Options, report: AuditReport | StoreReport, text: string): Promise<number> {
  const json = JSON.stringify(report, undefined, 2);
  console.log(file === '-' ? json : text);
  if (file !== undefined && file !== '-') await writeFile(file, `${json}\n`);
  return EXIT_OF[report.verdict];
}

process.exitCode = await exitCodeOf({ help: HELP, read: readOptions, run: tell });
