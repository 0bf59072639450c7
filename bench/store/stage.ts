/** Where the store is measured: servers of its own, a made-up catalog, shoppers with money, one store and one payments process. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FLAG_NAMES } from '../../contracts/flags.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { createAccessTokens } from '../../platform/tokens/access-token.ts';
import { createEndings } from '../machine/endings.ts';
import { freePort } from '../machine/free-port.ts';
import { startProduct } from '../machine/product-process.ts';
import { startBenchRedis } from '../machine/redis-server.ts';
import type { OrderServers } from '../orders/servers.ts';
import type { BenchContext } from '../scenario.ts';
import type { Catalog } from './catalog.ts';
import type { Buyer } from './generator/notes.ts';
import { makeShoppers } from './shoppers.ts';

export interface StoreStage {
  readonly url: string;
  /** What takes part, with all that it started; the generator is not of the stage. */
  readonly pids: Readonly<Record<'store' | 'payments' | 'redis' | 'postgres' | 'kafka', number>>;
  readonly products: number;
  readonly seedSeconds: number;
  readonly redisVersion: string;
  /** Of products that are shown, chosen evenly over all. */
  readonly productIds: readonly string[];
  readonly skus: readonly string[];
  readonly buyers: readonly Buyer[];
  readonly buyerIds: readonly string[];
  readonly database: Awaited<ReturnType<OrderServers['connect']>>;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  shopperToken(userId: string): Promise<string>;
  guestToken(): Promise<string>;
  close(): Promise<void>;
}

const AUTH_SECRET = 'a secret of the bench, and of nothing else';
const MAKE_TOPICS = join(import.meta.dirname, '../../scripts/topics/main.ts');
const SAMPLES = 2_000;
const nextId = createIdSource(systemClock);

export async function openStoreStage(
  { folder, signal, progress }: BenchContext,
  servers: OrderServers,
  catalog: Catalog,
  products: number,
): Promise<StoreStage> {
  const name = `store_${products}`;
  const endings = createEndings();
  const { close } = endings;
  try {
    const of = `${products.toLocaleString('en-US')} products`;
    progress(`${of}: writing the catalog`);
    const seedSeconds = await catalog.growTo(products, signal);
    await catalog.copyTo(name);
    endings.push(() => servers.admin.query(`drop database ${name} with (force)`));
    const databaseUrl = servers.postgres.urlOf(name);

    progress(`${of}: analyzing`);
    const database = await servers.connect(name);
    endings.push(() => database.end());
    await database.query('analyze');
    // Everything is measured whole: nothing is left out because there is much to do.
    await database.query(`insert into feature_flags (name, state) select unnest($1::text[]), 'on'`, [FLAG_NAMES]);
    const sample = async (text: string): Promise<string[]> =>
      (await database.query<{ value: string }>(text, [SAMPLES])).rows.map(({ value }) => value);
    const productIds = await sample(
      `select id as value from products where status = 'active' order by hash_record_extended(row(id), 1) limit $1`,
    );
    const skus = await sample('select sku as value from variants order by hash_record_extended(row(sku), 1) limit $1');
    progress(`${of}: shoppers with money`);
    const shoppers = await makeShoppers(database, skus, nextId);

    progress(`${of}: topics`);
    const kafka = { KAFKA_BROKERS: servers.kafka.address, KAFKA_TOPIC_PREFIX: `${name}.` };
    // One partition of each: the store only follows the topic that tells of changes.
    const topics = { ...kafka, KAFKA_PARTITIONS: '1', PATH: process.env['PATH'] };
    await promisify(execFile)(process.execPath, [MAKE_TOPICS], { env: topics, signal });
    progress(`${of}: starting the store`);
    const redis = await startBenchRedis({ folder, name });
    endings.push(() => redis.stop());
    const port = await freePort();
    const product = {
      ...{ ...kafka, DATABASE_URL: databaseUrl, REDIS_URL: redis.url, AUTH_SECRET, STORE_PORT: String(port) },
      ...{ PAYMENT_API_KEY: 'sk_test_of_the_bench', PAYMENT_WEBHOOK_SECRET: 'whsec_of_the_bench' },
    };
    const store = await startProduct({ name: 'store', signal, env: product });
    endings.push(() => store.stop());
    // Wallets are paid from at once: no provider is waited for.
    const payments = await startProduct({ name: 'payments', signal, env: product });
    endings.push(() => payments.stop());
    const tokens = createAccessTokens({ secret: AUTH_SECRET, clock: systemClock });
    const issue = async (userId: string, kind: 'user' | 'guest'): Promise<string> =>
      (await tokens.issue({ userId, kind, role: 'shopper' })).accessToken;
    const buyers = await Promise.all(
      shoppers.ids.map(async (id, at) => ({ token: await issue(id, 'user'), sku: shoppers.skus[at] ?? '' })),
    );
    return {
      ...{ url: `http://127.0.0.1:${port}`, products, seedSeconds, redisVersion: redis.version },
      pids: {
        ...{ store: store.pid, payments: payments.pid, redis: redis.pid },
        ...{ postgres: servers.postgres.pid, kafka: servers.kafka.pid },
      },
      ...{ productIds, skus, buyers, buyerIds: shoppers.ids, database, databaseUrl, redisUrl: redis.url },
      shopperToken: (userId) => issue(userId, 'user'),
      guestToken: () => issue(nextId(), 'guest'),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
