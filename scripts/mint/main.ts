import { once } from 'node:events';
import { parseArgs } from 'node:util';
import type { DropDefinition } from '../../contracts/drop.ts';
import { createIdSource, isUuidV7 } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { type Environment, loadConfig, loadRegionRedisUrls } from '../../platform/config/load.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createAccessTokens } from '../../platform/tokens/access-token.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { exitCodeOf } from '../command-line/exit-code.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';
import { DEMO_METHODS, DEMO_SHOPPER_ID } from '../seed/demo.ts';
import { mint } from './mint.ts';

const HELP = `npm run mint -- --count N | --demo [--drop ID]

Shopper tokens for load tests: N guests, a token a line on standard output. Refuses in production.

  --count N   how many, up to 1,000,000
  --demo      one, of the shopper of the demo data, who can pay; the ways to pay are told on standard error
  --drop ID   for this drop: a line of JSON each, {"shopperId","token","url"}; the url is that of its line
  --help      this text

They are signed with AUTH_SECRET of the environment, or with that of what npm start runs (DATA_DIR/local.env), and are
good for a day.`;

const MOST = 1_000_000;

interface Options {
  readonly count: number;
  readonly demo: boolean;
  readonly dropId: string | undefined;
}

function readOptions(): Options | 'help' {
  const { values } = parseArgs({
    options: {
      count: { type: 'string' },
      demo: { type: 'boolean', default: false },
      drop: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.demo && values.count !== undefined) throw new Error('--demo makes one token: leave --count out.');
  const count = values.demo ? 1 : Number(values.count);
  if (!(Number.isInteger(count) && count >= 1 && count <= MOST)) {
    throw new Error(`--count needs a whole number from 1 to ${MOST}.`);
  }
  if (values.drop !== undefined && !isUuidV7(values.drop)) throw new Error('--drop needs the id of a drop.');
  return { count, demo: values.demo, dropId: values.drop };
}

async function run({ count, demo, dropId }: Options): Promise<number> {
  const environment = await commandEnvironment(process.env);
  const config = loadConfig(environment, ['NODE_ENV', 'AUTH_SECRET', 'EDGE_PUBLIC_URL']);
  if (config.NODE_ENV === 'production') {
    console.error('NODE_ENV is production: tokens of shoppers who are nobody are not made there.');
    return 1;
  }
  const drop = dropId === undefined ? undefined : await findDrop(environment, dropId);
  if (dropId !== undefined && drop === undefined) {
    console.error(`There is no published drop ${dropId}.`);
    return 1;
  }
  const minted = mint({
    count,
    tokens: createAccessTokens({ secret: config.AUTH_SECRET, clock: systemClock }),
    nextId: createIdSource(systemClock),
    ...(demo ? { shopper: { userId: DEMO_SHOPPER_ID, kind: 'user', role: 'shopper' } as const } : {}),
    ...(drop === undefined ? {} : { line: { drop, edgeUrl: config.EDGE_PUBLIC_URL } }),
  });
  if (demo) for (const { id, kind, pays } of DEMO_METHODS) console.error(`payment ${id}  ${kind}: ${pays}`);
  for await (const line of minted) {
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
  }
  return 0;
}

async function findDrop(environment: Environment, dropId: string): Promise<DropDefinition | undefined> {
  const config = loadConfig(environment, ['REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE']);
  const regionUrls = loadRegionRedisUrls(environment, config.REGIONS, config.REDIS_URL);
  const log = createLogger({ name: 'mint', level: 'silent' });
  const shards = await connectShards({
    homeUrl: config.REDIS_URL,
    regionUrls,
    name: 'mint',
    log,
    mode: config.REDIS_MODE,
  });
  try {
    return await createDrops({ shards, keys: createKeys(config.REDIS_PREFIX) }).find(dropId);
  } finally {
    await shards.close();
  }
}

// A reader that has enough (| head) is no failure.
process.stdout.on('error', (error) => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await exitCodeOf({ help: HELP, read: readOptions, run });
