import { createIdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { systemClock } from '../../platform/clock.ts';
import { loadConfig, loadRegionRedisUrls } from '../../platform/config/load.ts';
import { connectPostgres } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createLiveThings } from '../../queue-workers/privacy/live-things.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { createLine } from '../../reservation-core/line.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { exitCodeOf } from '../command-line/exit-code.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';
import { erase, exportTo, status } from './commands.ts';
import { HELP, type Options, readOptions } from './options.ts';

const VARIABLES = ['DATABASE_URL', 'REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE'] as const;

type Work = Exclude<Options, { command: 'help' }>;

function readWork(): Work | 'help' {
  const options = readOptions(process.argv.slice(2));
  return options.command === 'help' ? 'help' : options;
}

async function run(options: Work): Promise<number> {
  const env = await commandEnvironment(process.env);
  const config = loadConfig(env, VARIABLES);
  const log = createLogger({ name: 'privacy', level: 'silent' });
  const { DATABASE_URL: url, REDIS_URL: homeUrl, REDIS_MODE: mode, REDIS_PREFIX: prefix } = config;
  const statementTimeoutMs = LIMITS.privacyStatementMs;
  const database = connectPostgres({ url, max: 2, name: 'privacy', log, statementTimeoutMs });
  const regionUrls = loadRegionRedisUrls(env, config.REGIONS, homeUrl);
  const shards = await connectShards({ homeUrl, regionUrls, name: 'privacy', log, mode });
  const keys = createKeys(prefix);
  const drops = createDrops({ shards, keys });
  const line = createLine({ shards, keys, clock: systemClock, edge: 'privacy', onFailedCall: () => undefined });
  const live = createLiveThings({ shards, keys, drops, line, prefix });
  const tell = (text: string): void => console.log(text);
  const parts = { database, live, clock: systemClock, nextId: createIdSource(systemClock), tell };
  try {
    switch (options.command) {
      case 'export':
        return await exportTo(parts, options.userId, options.out);
      case 'erase':
        return await erase(parts, options.userId, options.now);
      case 'status':
        return await status(parts, options.userId);
    }
  } finally {
    await Promise.all([database.end(), shards.close()]);
  }
}

process.exitCode = await exitCodeOf({ help: HELP, read: readWork, run });
