import { parseArgs } from 'node:util';
import { createIdSource, isUuidV7 } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { loadConfig, loadRegionRedisUrls } from '../../platform/config/load.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { exitCodeOf } from '../command-line/exit-code.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';
import { rebuildDrop } from './rebuild-drop.ts';

const HELP = `npm run rebuild -- --drop ID [--region NAME …] [--dry-run]

Restores what Redis has lost of a drop, from PostgreSQL and the log. What is lost answers PAUSED to every claim until it is
whole again; the regions that still have their data sell on. Prints the ledger before and after; exit 1 with the reason when
something is not as it must be. Nothing has been opened then, unless the message says that the drop is on sale.

  --drop ID      the drop
  --region NAME  only this region; several times for several. Otherwise all that have lost their terms
  --wait SECONDS how long the orders worker may take to write what is in Kafka; 60 unless given
  --dry-run      say what would be done, and change nothing
  --help         this text

The servers are those of the environment, or those that npm start runs (DATA_DIR/local.env).`;

const VARIABLES = [
  ...(['DATABASE_URL', 'REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE', 'CLAIM_DURABILITY'] as const),
  ...(['KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX'] as const),
];

interface Options {
  readonly drop: string;
  readonly regions: readonly string[] | undefined;
  readonly waitMs: number;
  readonly dryRun: boolean;
}

function readOptions(): Options | 'help' {
  const { values } = parseArgs({
    options: {
      drop: { type: 'string' },
      region: { type: 'string', multiple: true },
      wait: { type: 'string', default: '60' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const waitMs = Number(values.wait) * 1_000;
  if (values.drop === undefined || !isUuidV7(values.drop)) throw new Error('--drop needs the id of a drop.');
  if (!(waitMs >= 0)) throw new Error('--wait needs a number of seconds.');
  return { drop: values.drop, regions: values.region, waitMs, dryRun: values['dry-run'] };
}

async function rebuild(options: Options): Promise<void> {
  const environment = await commandEnvironment(process.env);
  const config = loadConfig(environment, VARIABLES);
  const regionUrls = loadRegionRedisUrls(environment, config.REGIONS, config.REDIS_URL);
  const log = createLogger({ name: 'rebuild', level: 'silent' });
  const database = connectPostgres({ url: config.DATABASE_URL, max: 2, name: 'rebuild', log });
  const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'rebuild', log });
  const closing: (() => Promise<void>)[] = [() => database.end(), () => kafka.close()];
  try {
    const { REDIS_URL: homeUrl, REDIS_MODE: mode, CLAIM_DURABILITY: durability } = config;
    const shards = await connectShards({ homeUrl, regionUrls, name: 'rebuild', log, mode, durability });
    closing.push(() => shards.close());
    await rebuildDrop({
      ...{ database, kafka, topicPrefix: config.KAFKA_TOPIC_PREFIX, shards, keys: createKeys(config.REDIS_PREFIX) },
      ...{ clock: systemClock, nextId: createIdSource(systemClock), dropId: options.drop },
      ...(options.regions === undefined ? {} : { regions: options.regions }),
      ...{ waitMs: options.waitMs, dryRun: options.dryRun, tell: (line) => console.log(line) },
    });
  } finally {
    await Promise.all(closing.map((close) => close()));
  }
}

process.exitCode = await exitCodeOf({
  help: HELP,
  read: readOptions,
  run: async (options) => {
    await rebuild(options);
    return 0;
  },
});
