import { parseArgs } from 'node:util';
import { createProviders, PAYMENT_VARIABLES } from '../../commerce/payments/providers.ts';
import { createIdSource, isUuidV7 } from '../../contracts/ids.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { systemClock } from '../../platform/clock.ts';
import { loadConfig, loadRegionRedisUrls } from '../../platform/config/load.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { KINDS, type Told } from '../../queue-workers/reconcile/core.ts';
import { reconcileAll } from '../../queue-workers/reconcile/reconciler.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { exitCodeOf } from '../command-line/exit-code.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';

const HELP = `npm run reconcile -- [option]

Finds what a crash between two systems has left (a payment that nobody goes on with, a hold without an order, …) and mends
it, once. The reconcile worker does the same all the time; docs/LEDGER.md says what each kind means.

  --dry-run       say what would be mended, and change nothing
  --drop ID       only this drop; all unless given
  --hours N       how far back orders are looked at; ${INTERVALS.reconcileWindowMs / 3_600_000} unless given
  --grace SECONDS what changed within this time is left alone; ${INTERVALS.reconcileGraceMs / 1_000} unless given
  --json          the findings as JSON
  --help          this text

Exit code: 0 nothing is left to do by hand, 1 something is, 64 wrong usage, 78 wrong configuration.
The servers are those of the environment, or those that npm start runs (DATA_DIR/local.env).`;

const SHOWN = 20;
const VARIABLES = [
  ...(['DATABASE_URL', 'REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE', 'CLAIM_DURABILITY'] as const),
  ...(['KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX'] as const),
  ...PAYMENT_VARIABLES,
];

interface Options {
  readonly dropId: string | undefined;
  readonly dryRun: boolean;
  readonly windowMs: number;
  readonly graceMs: number;
  readonly json: boolean;
}

interface Outcome {
  readonly told: readonly Told[];
  readonly notes: readonly string[];
}

function readOptions(): Options | 'help' {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      drop: { type: 'string' },
      hours: { type: 'string', default: String(INTERVALS.reconcileWindowMs / 3_600_000) },
      grace: { type: 'string', default: String(INTERVALS.reconcileGraceMs / 1_000) },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.drop !== undefined && !isUuidV7(values.drop)) throw new Error('--drop needs the id of a drop.');
  const [windowMs, graceMs] = [Number(values.hours) * 3_600_000, Number(values.grace) * 1_000];
  if (!(windowMs > 0)) throw new Error('--hours needs a number above 0.');
  if (!(graceMs >= 0)) throw new Error('--grace needs a number of seconds.');
  return { dropId: values.drop, dryRun: values['dry-run'], windowMs, graceMs, json: values.json };
}

async function reconcile({ dropId, dryRun, windowMs, graceMs }: Options): Promise<Outcome> {
  const environment = await commandEnvironment(process.env);
  const config = loadConfig(environment, VARIABLES);
  const regionUrls = loadRegionRedisUrls(environment, config.REGIONS, config.REDIS_URL);
  const log = createLogger({ name: 'reconcile', level: 'silent' });
  const database = connectPostgres({ url: config.DATABASE_URL, max: 2, name: 'reconcile', log });
  const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'reconcile', log });
  const providers = createProviders(config);
  const closing: (() => Promise<void>)[] = [() => database.end(), () => kafka.close(), async () => providers.close()];
  try {
    const { REDIS_URL: homeUrl, REDIS_MODE: mode, CLAIM_DURABILITY: durability } = config;
    const shards = await connectShards({ homeUrl, regionUrls, name: 'reconcile', log, mode, durability });
    closing.push(() => shards.close());
    return await reconcileAll({
      ...{ database, kafka, publisher: await kafka.createPublisher(), topicPrefix: config.KAFKA_TOPIC_PREFIX },
      ...{ shards, keys: createKeys(config.REDIS_PREFIX), clock: systemClock, nextId: createIdSource(systemClock) },
      providers: providers.names.flatMap((name) => providers.byName(name) ?? []),
      ...{ graceMs, windowMs, booksMs: windowMs, dryRun },
      ...(dropId === undefined ? {} : { dropId }),
    });
  } finally {
    await Promise.all(closing.map((close) => close()));
  }
}

function render({ told, notes }: Outcome, dryRun: boolean): string {
  const rows = KINDS.map((kind) => {
    const own = told.filter((one) => one.kind === kind);
    const byHand = own.filter(({ advice }) => advice !== undefined).length;
    return [kind, String(own.length), String(own.filter(({ mended }) => mended).length), String(byHand)] as const;
  });
  const table = [['kind', 'found', 'mended', 'by hand'], ...rows].map(([kind = '', ...counts]) =>
    [kind.padEnd(22), ...counts.map((count) => count.padStart(8))].join(''),
  );
  const lines = told.slice(0, SHOWN).map(({ kind, id, what, mended, advice }) => {
    const state = mended ? 'mended' : advice === undefined ? 'left' : 'BY HAND';
    return `${state.padEnd(8)} ${kind} ${id}: ${what}${advice === undefined ? '' : `; ${advice}`}`;
  });
  const more = told.length > SHOWN ? [`and ${told.length - SHOWN} more (--json has them)`] : [];
  const end = dryRun ? ['Nothing was changed.'] : [];
  return [...table, '', ...lines, ...more, ...notes, ...end].join('\n');
}

process.exitCode = await exitCodeOf({
  help: HELP,
  read: readOptions,
  run: async (options) => {
    const outcome = await reconcile(options);
    console.log(options.json ? JSON.stringify(outcome, undefined, 2) : render(outcome, options.dryRun));
    return outcome.told.some(({ mended, advice }) => !mended && advice !== undefined) ? 1 : 0;
  },
});
