/** `train` and `status`: what the workers do by themselves, by hand. */
import { createIdSource } from '../../contracts/ids.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { recommendationKeys } from '../../contracts/recommendations.ts';
import { listModels } from '../../db/queries/recommendations/models.ts';
import { systemClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config/load.ts';
import { connectPostgres } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createLeadership } from '../../queue-workers/leadership.ts';
import { createModelStore, type ModelStore } from '../../queue-workers/recommendations/model-store.ts';
import type { Told } from '../../queue-workers/recommendations/progress.ts';
import { TRAINING } from '../../queue-workers/recommendations/settings.ts';
import { trainModel } from '../../queue-workers/recommendations/train-model.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';
import { modelsTable } from './print.ts';

const MODELS_SHOWN = 10;
const EXIT_INTERRUPTED = 130;

async function connect() {
  const names = ['DATABASE_URL', 'REDIS_URL', 'REDIS_PREFIX', 'REDIS_MODE'] as const;
  const config = loadConfig(await commandEnvironment(process.env), names);
  const log = createLogger({ name: 'recommend', level: 'silent' });
  const { REDIS_URL: homeUrl, REDIS_MODE: mode, DATABASE_URL: url } = config;
  const shards = await connectShards({ homeUrl, regionUrls: new Map(), name: 'recommend', log, mode });
  const database = connectPostgres({
    url,
    max: 3,
    name: 'recommend',
    log,
    statementTimeoutMs: INTERVALS.trainingStatementMs,
  });
  const keys = recommendationKeys(config.REDIS_PREFIX);
  const store = createModelStore(shards.home.redis, keys);
  return {
    database,
    store,
    keys,
    log,
    redis: shards.home.redis,
    close: () => Promise.all([shards.close(), database.end()]),
  };
}

export async function trainOnce(threads: number): Promise<number> {
  const { database, store, keys, redis, log, close } = await connect();
  const leadership = createLeadership({
    redis,
    key: keys.trainer,
    lockMs: INTERVALS.trainingLockMs,
    onLost: () => undefined,
  });
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  try {
    const lost = await leadership.lead();
    if (lost === undefined) {
      console.error(
        'Somebody else leads: the workers, which train by themselves, or a training that was killed a minute ago at most. See `npm run recommend -- status`.',
      );
      return 1;
    }
    const trained = await trainModel(
      {
        ...{ database, store, clock: systemClock, log, nextId: createIdSource(systemClock) },
        settings: { ...TRAINING, threads },
        told: sometimes((progress) => console.log(tellOf(progress))),
      },
      AbortSignal.any([lost, stop.signal]),
    );
    if (trained.result === 'nothing') {
      console.error('There is nothing to learn from: no product is on sale, or nobody bought or looked at anything.');
      return 1;
    }
    console.log(`Model ${trained.version} is served: ${trained.users} shoppers, ${trained.products} products.`);
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.error('Stopped: the model before is served on.');
    return EXIT_INTERRUPTED;
  } finally {
    await leadership.resign().catch(() => undefined);
    await close();
  }
}

/** How many lists there are is told once a second, everything else at once. */
function sometimes(tell: (progress: Told) => void): (progress: Told) => void {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = performance.now();
    if ((progress.lists ?? 0) > 0 && now - toldAtMs < INTERVALS.trainingTellMs) return;
    toldAtMs = now;
    tell(progress);
  };
}

function tellOf(progress: Told): string {
  const { state, ...figures } = progress;
  return `${String(state)}: ${Object.entries(figures)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? value.toLocaleString('en') : String(value)}`)
    .join(', ')}`;
}

export async function showStatus(asJson: boolean): Promise<number> {
  const { database, store, close } = await connect();
  try {
    const [models, current] = [await listModels(database, MODELS_SHOWN), await currentOf(store)];
    if (asJson) console.log(JSON.stringify({ current, models }));
    else if (models.length === 0) console.log('No model was ever trained.');
    else console.log(modelsTable(models, current));
    return 0;
  } finally {
    await close();
  }
}

const currentOf = (store: ModelStore) => store.current();
