/** Where one run takes place: a Redis of its own with a drop on sale, topics and a database of its own. */
import { allTopicNames, topicName } from '../../contracts/topics.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres, type Database } from '../../platform/connections/postgres.ts';
import { createLogger, type Logger } from '../../platform/logging/logger.ts';
import { publishDrop } from '../core/publish-drop.ts';
import { KEYS, makeDrop, PLENTY } from '../core/sale-data.ts';
import type { Side } from '../in-turn.ts';
import { createEndings } from '../machine/endings.ts';
import { type BenchRedis, startBenchRedis } from '../machine/redis-server.ts';
import { REGIONS, type Sale } from './regions.ts';
import { type OrderServers, OUR_DATABASE } from './servers.ts';

export interface OrderStage {
  readonly side: Side;
  readonly servers: OrderServers;
  readonly regions: readonly string[];
  readonly sales: readonly Sale[];
  readonly redis: BenchRedis;
  readonly outboxes: readonly string[];
  readonly topicPrefix: string;
  readonly databaseName: string;
  readonly databaseUrl: string;
  /** For questions afterwards. */
  readonly database: Database;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly folder: string;
  readonly servers: OrderServers;
  readonly side: Side;
  readonly partitions: number;
  readonly regions?: readonly string[] | undefined;
}

let stages = 0;

export async function openOrderStage(options: StageOptions): Promise<OrderStage> {
  const { folder, servers, side, partitions, regions = REGIONS } = options;
  stages += 1;
  const name = `run_${process.pid}_${stages}`;
  const log = createLogger({ name: 'bench', level: 'silent' });
  const endings = createEndings();
  const { close } = endings;
  try {
    const redis = await startBenchRedis({ folder, name });
    endings.push(() => redis.stop());
    const drop = makeDrop(Date.now(), regions, PLENTY);
    await publishDrop(drop, new Map(regions.map((region) => [region, redis.url])));
    const sales = regions.map((region): Sale => ({ dropId: drop.id, region }));
    const topicPrefix = `${name}.`;
    await makeTopics(servers.kafka.address, topicPrefix, partitions, log);
    await servers.admin.query(`create database ${name} ${side === 'ours' ? `template ${OUR_DATABASE}` : ''}`);
    endings.push(() => servers.admin.query(`drop database ${name} with (force)`));
    const databaseUrl = servers.postgres.urlOf(name);
    const database = connectPostgres({ url: databaseUrl, max: 1, name: 'bench', log });
    endings.push(() => database.end());
    const outboxes = sales.map(({ dropId, region }) => KEYS.stock(dropId, region).outbox);
    const where = { redis, outboxes, topicPrefix, databaseName: name, databaseUrl, database };
    return { side, servers, regions, sales, ...where, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Only what claims travel through is divided: the other topics are there, and idle. */
export async function makeTopics(broker: string, prefix: string, partitions: number, log: Logger): Promise<void> {
  const busy = new Set([topicName(prefix, 'claims.won'), topicName(prefix, 'claims.released')]);
  const kafka = connectKafka({ brokers: [broker], clientId: 'bench', log });
  try {
    await kafka.ensureTopics(
      allTopicNames(prefix).map(({ name }) => ({
        topic: name,
        partitions: busy.has(name) ? partitions : 1,
        replication: 1,
      })),
    );
  } finally {
    await kafka.close();
  }
}
