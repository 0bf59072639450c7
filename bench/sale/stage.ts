/** Where a sale takes place: the whole product as real processes, on servers of its own, with a made-up catalog. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createIdSource } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { createAccessTokens, type Role } from '../../platform/tokens/access-token.ts';
import { KEYS_PREFIX } from '../core/sale-data.ts';
import { EDGE_SETTINGS } from '../edge/edge-settings.ts';
import type { Pids } from '../machine/cpu-use.ts';
import { type EdgeProcess, startEdge } from '../machine/edge-process.ts';
import { createEndings } from '../machine/endings.ts';
import { freePort } from '../machine/free-port.ts';
import { type ProductOptions, startProduct } from '../machine/product-process.ts';
import { type BenchRedis, startBenchRedis } from '../machine/redis-server.ts';
import { type OrderServers, OUR_DATABASE } from '../orders/servers.ts';
import type { BenchContext } from '../scenario.ts';
import type { Buyer } from '../store/generator/notes.ts';
import { makeShoppers } from '../store/shoppers.ts';
import type { SaleSize } from './size.ts';

export interface SaleStage {
  readonly storeUrl: string;
  readonly gatewayUrl: string;
  readonly edgePorts: readonly number[];
  readonly secret: string;
  readonly redis: BenchRedis;
  readonly database: Awaited<ReturnType<OrderServers['connect']>>;
  /** Of the product, by what they are; without the generators. */
  readonly pids: Pids;
  /** For the commands of the product. */
  readonly env: Readonly<Record<string, string>>;
  /** A new one each time: they last a quarter of an hour. */
  merchantToken(): Promise<string>;
  /** Of products that are shown, chosen evenly over all. */
  readonly productIds: readonly string[];
  /** Who shops as on any day, with new tokens. */
  buyers(): Promise<readonly Buyer[]>;
  /** What the next drop sells: each drop another item. */
  nextItem(): Promise<string>;
  close(): Promise<void>;
}

export const REGIONS = ['us-east', 'eu'] as const;
const SECRET = 'a secret of the bench, and of nothing else';
const SCRIPTS = join(import.meta.dirname, '../../scripts');
const SAMPLES = 2_000;
const PARTITIONS = '4';
/** What a provider takes to answer. */
const PROVIDER_MS = 30;
export const WORKERS = [
  ...(['relay', 'orders', 'payments', 'outbox', 'expiry', 'draw', 'drops', 'rebalance', 'reconcile'] as const),
  ...(['reservations', 'analytics'] as const),
];
const nextId = createIdSource(systemClock);

export async function openSaleStage(
  { folder, signal, progress }: BenchContext,
  servers: OrderServers,
  size: SaleSize,
): Promise<SaleStage> {
  const name = 'sale';
  const endings = createEndings();
  const { close } = endings;
  try {
    progress(`a catalog of ${size.products.toLocaleString('en-US')} products`);
    await servers.admin.query(`create database ${name} template ${OUR_DATABASE}`);
    endings.push(() => servers.admin.query(`drop database ${name} with (force)`));
    const databaseUrl = servers.postgres.urlOf(name);
    const kafka = { KAFKA_BROKERS: servers.kafka.address, KAFKA_TOPIC_PREFIX: `${name}.` };
    const command = (env: Readonly<Record<string, string>>, ...args: string[]) =>
      promisify(execFile)(process.execPath, args, { env: { ...env, PATH: process.env['PATH'] }, signal });
    await command({ DATABASE_URL: databaseUrl }, join(SCRIPTS, 'seed/main.ts'), '--products', String(size.products));
    await command({ ...kafka, KAFKA_PARTITIONS: PARTITIONS }, join(SCRIPTS, 'topics/main.ts'));
    const database = await servers.connect(name);
    endings.push(() => database.end());
    await database.query('analyze');
    const sample = async (text: string): Promise<string[]> =>
      (await database.query<{ value: string }>(text, [SAMPLES])).rows.map(({ value }) => value);
    const productIds = await sample(
      `select id as value from products where status = 'active' order by hash_record_extended(row(id), 1) limit $1`,
    );
    const skus = await sample('select sku as value from variants order by hash_record_extended(row(sku), 1) limit $1');
    const shoppers = await makeShoppers(database, skus, nextId);
    const { rows: merchants } = await database.query<{ id: string }>(`select id from users where role = 'merchant'`);

    progress('starting the product');
    const redis = await startBenchRedis({ folder, name });
    endings.push(() => redis.stop());
    const [storePort, gatewayPort] = [await freePort(), await freePort()];
    const [storeUrl, gatewayUrl] = [`http://127.0.0.1:${storePort}`, `http://127.0.0.1:${gatewayPort}`];
    const env = {
      ...{ ...kafka, DATABASE_URL: databaseUrl, REDIS_URL: redis.url, REDIS_PREFIX: KEYS_PREFIX },
      ...{ REGIONS: REGIONS.join(','), AUTH_SECRET: SECRET, PASS_SECRET: SECRET, STORE_PORT: String(storePort) },
      ...{ PAYMENT_API_URL: gatewayUrl, PAYMENT_API_KEY: 'sk_test_of_the_bench' },
      ...{ PAYMENT_WEBHOOK_SECRET: 'whsec_of_the_bench', LOCAL_GATEWAY_PORT: String(gatewayPort) },
      LOCAL_GATEWAY_WEBHOOK_URL: `${storeUrl}/api/v1/payments/webhooks/stripe`,
      ...{ DATA_DIR: join(folder, 'gateway'), OBJECTS_DIR: join(folder, 'objects') },
    };
    const pids: Record<string, number | readonly number[]> = {
      ...{ redis: redis.pid, kafka: servers.kafka.pid, postgres: servers.postgres.pid },
    };
    const start = async (which: ProductOptions['name'], more: Readonly<Record<string, string>> = {}): Promise<void> => {
      const started = await startProduct({ name: which, signal, env: { ...env, ...more } });
      endings.push(() => started.stop());
      pids[which] = started.pid;
    };
    await start('gateway', { NODE_ENV: 'development' });
    await slowDown(gatewayUrl);
    // Ports one after the other: two that look for a free one at the same moment may find the same.
    const opsPorts: string[] = [];
    for (const _ of WORKERS) opsPorts.push(String(await freePort()));
    await start('store');
    await Promise.all(WORKERS.map((worker, at) => start(worker, { OPS_PORT: opsPorts[at] ?? '' })));
    const edges: EdgeProcess[] = [];
    for (let at = 0; at < size.edges; at += 1) {
      const common = { redisUrl: redis.url, kafka: servers.kafka.address, prefix: KEYS_PREFIX, secret: SECRET, signal };
      const more = { ...EDGE_SETTINGS, KAFKA_TOPIC_PREFIX: `${name}.` };
      const edge = await startEdge({ ...common, regions: REGIONS, env: more });
      endings.push(() => edge.stop());
      edges.push(edge);
    }
    pids['edge'] = edges.map(({ pid }) => pid);

    const tokens = createAccessTokens({ secret: SECRET, clock: systemClock });
    const issue = async (userId: string, role: Role): Promise<string> =>
      (await tokens.issue({ userId, kind: 'user', role })).accessToken;
    const items = [...new Set(shoppers.skus)];
    return {
      ...{ storeUrl, gatewayUrl, edgePorts: edges.map(({ port }) => port), secret: SECRET, redis, database, pids, env },
      ...{ productIds, close },
      merchantToken: () => issue(merchants[0]?.id ?? '', 'merchant'),
      buyers: () =>
        Promise.all(
          shoppers.ids.map(async (id, at) => ({ token: await issue(id, 'shopper'), sku: shoppers.skus[at] ?? '' })),
        ),
      async nextItem() {
        const item = items.pop();
        if (item === undefined) throw new Error('There is nothing left to sell.');
        return item;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function slowDown(gatewayUrl: string): Promise<void> {
  const answer = await fetch(`${gatewayUrl}/_control/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ delayMs: PROVIDER_MS }),
  });
  if (!answer.ok) throw new Error(`The gateway refused: ${await answer.text()}`);
}
