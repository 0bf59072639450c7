/** The product as in production: an edge, a relay and an orders worker, a process each, with a Redis, topics and a database. */
import type { DropDefinition } from '../../contracts/drop.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { parseLedger } from '../../reservation-core/stock.ts';
import { KEYS, KEYS_PREFIX, makeDrop, SKU } from '../core/sale-data.ts';
import { SECRET } from '../machine/edge-process.ts';
import { createEndings } from '../machine/endings.ts';
import { startBenchRedis } from '../machine/redis-server.ts';
import { type OrderServers, OUR_DATABASE } from '../orders/servers.ts';
import { makeTopics } from '../orders/stage.ts';
import type { BenchContext } from '../scenario.ts';
import { CONNECTIONS, type Contender, type OpenContender, type Sale, SHOPPERS } from './contender.ts';
import { findOrders } from './found-orders.ts';
import type { Counter } from './generator/notes.ts';
import { ourProcesses } from './our-processes.ts';

const REGION = 'region-1';
const PARTITIONS = 8;
const DOCTORED_UNITS = 3;
/** The generator stands for the load balancer in front and tells whom it speaks for: every limit by address holds. */
const EDGE_SETTINGS = { EDGE_TRUSTED_PROXIES: '127.0.0.1', EDGE_UNLIMITED: '::1' } as const;
let opened = 0;

const ours = (name: string, label: string, over: Counter['over']): Contender => ({
  ...{ name, label, isOurs: true },
  open: (context, servers) => openOurs(over, context, servers),
});

export const OURS = ours('ours', 'ours, HTTP', 'http');
export const OURS_OVER_SOCKETS = ours('oursSockets', 'ours, WebSocket', 'sockets');

async function openOurs(
  over: Counter['over'],
  { folder, doctored, signal }: BenchContext,
  servers: OrderServers,
): Promise<OpenContender> {
  opened += 1;
  const name = `ours_${process.pid}_${opened}`;
  const log = createLogger({ name: 'bench', level: 'silent' });
  const endings = createEndings();
  const { close } = endings;
  try {
    const redis = await startBenchRedis({ folder, name });
    endings.push(() => redis.stop());
    const regionUrls = new Map([[REGION, redis.url]]);
    const shards = await connectShards({ homeUrl: redis.url, regionUrls, name: 'bench', log });
    endings.push(() => shards.close());
    const drops = createDrops({ shards, keys: KEYS });
    const topicPrefix = `${name}.`;
    await makeTopics(servers.kafka.address, topicPrefix, PARTITIONS, log);
    await servers.admin.query(`create database ${name} template ${OUR_DATABASE}`);
    endings.push(() => servers.admin.query(`drop database ${name} with (force)`));
    const database = await servers.connect(name);
    endings.push(() => database.end());
    const env = {
      ...{ REDIS_URL: redis.url, REDIS_PREFIX: KEYS_PREFIX, REGIONS: REGION },
      ...{ KAFKA_BROKERS: servers.kafka.address, KAFKA_TOPIC_PREFIX: topicPrefix },
      DATABASE_URL: servers.postgres.urlOf(name),
    };
    const processes = ourProcesses(
      {
        ...{ redisUrl: redis.url, kafka: servers.kafka.address, prefix: KEYS_PREFIX, regions: [REGION] },
        ...{ secret: SECRET, env: { ...EDGE_SETTINGS, KAFKA_TOPIC_PREFIX: topicPrefix }, signal },
      },
      env,
    );
    endings.push(() => processes.kill());
    await processes.start();
    await processes.whole();
    const shoppers = over === 'http' ? SHOPPERS : CONNECTIONS;
    const openSale = async (units: number): Promise<Sale> => {
      const drop = dropOf(units, shoppers);
      await drops.publish(drop);
      const path = `/v1/drops/${drop.id}`;
      const line = { dropId: drop.id, path: `${path}/tickets`, region: REGION, secret: SECRET };
      return {
        units,
        counter: () => ({ over, port: processes.port, path: `${path}/claims`, sku: SKU, shoppers, line }),
        async left() {
          const { stock } = KEYS.stock(drop.id, REGION);
          // Breaks the books on purpose: units that were sold are for sale again.
          if (doctored) await redis.admin.hincrby(stock, `${SKU}:available`, DOCTORED_UNITS);
          const fields = await redis.admin.hgetall(stock);
          return parseLedger(fields).get(SKU)?.available ?? 0;
        },
        async orders(told) {
          await processes.whole();
          return await findOrders(database, { column: 'drop_id', value: drop.id }, told, signal);
        },
      };
    };
    return {
      pids: () => ({
        ...processes.pids(),
        ...{ redis: redis.pid, kafka: servers.kafka.pid, postgres: servers.postgres.pid },
      }),
      openSale,
      crash: processes.kill,
      restart: processes.start,
      redisVersion: redis.version,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A line calls as many as what is left can serve, each taking half of what they may have: so much that all are called. */
function dropOf(units: number, shoppers: number): DropDefinition {
  const perShopperLimit = Math.min(LIMITS.unitsPerShopper, Math.max(1, Math.floor((2 * units) / shoppers) - 1));
  const admission = { perSecond: LIMITS.admissionsPerSecond, maxActive: LIMITS.activePasses };
  return { ...makeDrop(Date.now(), [REGION], units), perShopperLimit, passSeconds: LIMITS.passSeconds, admission };
}
