import { parseArgs } from 'node:util';
import { isUuidV7 } from '../../contracts/ids.ts';
import { loadConfig, loadRegionRedisUrls } from '../../platform/config/load.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import type { Caps } from '../../reservation-core/pass-caps.ts';
import { checkPassLog, type PassLogReport } from '../../reservation-core/pass-log.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { exitCodeOf } from '../command-line/exit-code.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';
import { isProved, renderReport } from './report.ts';

const HELP = `npm run passes -- --drop ID [option]

Checks with the log of passes that the line of a drop kept its caps: over every second no more than admission.perSecond were
called, at every moment no more than admission.maxActive passes were live, and nobody was called twice. Says the worst second
and the worst moment; exit 1 when a cap was broken, or when the beginning of the log is gone so that nothing can be proved.

  --drop ID       the drop
  --per-second N  the cap, where the drop was given another one meanwhile
  --max-active N  likewise; after a change, the largest that it ever had
  --json          the report as JSON
  --help          this text

The servers are those of the environment, or those that npm start runs (DATA_DIR/local.env).`;

interface Options {
  readonly dropId: string;
  readonly json: boolean;
  readonly caps: Partial<Caps>;
}

function readOptions(): Options | 'help' {
  const { values } = parseArgs({
    options: {
      drop: { type: 'string' },
      'per-second': { type: 'string' },
      'max-active': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.drop === undefined || !isUuidV7(values.drop)) throw new Error('--drop needs the id of a drop.');
  const perSecond = readCap('--per-second', values['per-second']);
  const maxActive = readCap('--max-active', values['max-active']);
  return { dropId: values.drop, json: values.json, caps: { ...perSecond, ...maxActive } };
}

function readCap(name: '--per-second' | '--max-active', given: string | undefined): Partial<Caps> {
  if (given === undefined) return {};
  const cap = Number(given);
  if (!Number.isSafeInteger(cap) || cap < 1) throw new Error(`${name} needs a whole number from 1 on.`);
  return name === '--per-second' ? { perSecond: cap } : { maxActive: cap };
}

/** Undefined for a drop that is not published. */
async function check({ dropId, caps }: Options): Promise<PassLogReport | undefined> {
  const environment = await commandEnvironment(process.env);
  const config = loadConfig(environment, ['REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE']);
  const regionUrls = loadRegionRedisUrls(environment, config.REGIONS, config.REDIS_URL);
  const log = createLogger({ name: 'passes', level: 'silent' });
  const { REDIS_URL: homeUrl, REDIS_MODE: mode } = config;
  const shards = await connectShards({ homeUrl, regionUrls, name: 'passes', log, mode });
  try {
    const core = { shards, keys: createKeys(config.REDIS_PREFIX) };
    const drop = await createDrops(core).find(dropId);
    return drop === undefined ? undefined : await checkPassLog(core, dropId, { ...drop.admission, ...caps });
  } finally {
    await shards.close();
  }
}

async function tell(options: Options): Promise<number> {
  const report = await check(options);
  if (report === undefined) {
    console.error(`Drop ${options.dropId} is not published here.`);
    return 1;
  }
  const ok = isProved(report);
  const { dropId, json } = options;
  console.log(json ? JSON.stringify({ dropId, ok, ...report }, undefined, 2) : renderReport(dropId, report));
  return ok ? 0 : 1;
}

process.exitCode = await exitCodeOf({ help: HELP, read: readOptions, run: tell });
