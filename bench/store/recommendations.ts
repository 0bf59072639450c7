/** A model as a training leaves one: lists of so many shoppers and of all products, whose scores mean nothing. */
import { Redis } from 'ioredis';
import { encodeScored, recommendationKeys } from '../../contracts/recommendations.ts';
import { createRandom } from '../line/eta/random.ts';
import type { Shot } from './generator/notes.ts';
import type { StoreStage } from './stage.ts';

const USERS = 100_000;
/** Shoppers who ask: each has a list, and none has asked before. */
const ASKING = 20_000;
const LIST = { user: 50, product: 24, popular: 100, session: 6 } as const;
const SEED = 11;
const BATCH = 500;
/** As Redis is named where nobody says otherwise. */
const PREFIX = 'dg';
/** A few products are in many lists: that of place n³ of all. */
const SKEW = 3;

type Stage = Pick<StoreStage, 'database' | 'redisUrl' | 'shopperToken'>;

export async function recommendationShots(stage: Stage, nextId: () => string): Promise<Shot[]> {
  const { rows } = await stage.database.query<{ id: string }>(`select id from products where status = 'active'`);
  const products = rows.map(({ id }) => id);
  const users = Array.from({ length: USERS }, nextId);
  const redis = new Redis(stage.redisUrl);
  try {
    await writeModel(redis, products, users, nextId());
  } finally {
    redis.disconnect();
  }
  return await Promise.all(
    users.slice(0, ASKING).map(async (id) => ({
      method: 'GET' as const,
      path: `/api/v1/recommendations/${id}`,
      headers: { authorization: `Bearer ${await stage.shopperToken(id)}` },
    })),
  );
}

async function writeModel(
  redis: Redis,
  products: readonly string[],
  users: readonly string[],
  version: string,
): Promise<void> {
  const keys = recommendationKeys(PREFIX);
  const random = createRandom(SEED);
  const pick = (): string => products[Math.floor(random() ** SKEW * products.length)] ?? '';
  const list = (length: number): Buffer =>
    encodeScored(
      [...new Set(Array.from({ length }, pick))].map((productId, at) => ({ productId, score: 1 / (at + 1) })),
    );
  await inBatches(redis, users, (pipeline, id) => pipeline.set(keys.user(version, id), list(LIST.user)));
  await inBatches(redis, users.slice(0, ASKING), (pipeline, id) =>
    pipeline.rpush(keys.session(id), ...Array.from({ length: LIST.session }, pick)),
  );
  await inBatches(redis, products, (pipeline, id) => pipeline.set(keys.similar(version, id), list(LIST.product)));
  await redis.set(keys.popular(version), list(LIST.popular));
  await redis.zadd(
    keys.trending,
    ...Array.from({ length: LIST.popular }, (_, at) => [LIST.popular - at, pick()]).flat(),
  );
  await redis.set(keys.current, version);
}

async function inBatches(
  redis: Redis,
  ids: readonly string[],
  add: (pipeline: ReturnType<Redis['pipeline']>, id: string) => unknown,
): Promise<void> {
  for (let at = 0; at < ids.length; at += BATCH) {
    const pipeline = redis.pipeline();
    for (const id of ids.slice(at, at + BATCH)) add(pipeline, id);
    await pipeline.exec();
  }
}
