/** The two processes between outbox and rows: the product's own workers, or the bare ones. */
import { join } from 'node:path';
import { topicName } from '../../contracts/topics.ts';
import { KEYS_PREFIX } from '../core/sale-data.ts';
import { type Crew, startCrew } from '../crew/crew.ts';
import { startProduct } from '../machine/product-process.ts';
import type { BareOrder, BareReport } from './bare/notes.ts';
import type { OrderStage } from './stage.ts';

export type Part = 'relay' | 'orders';

export interface PartProcess {
  readonly pid: number;
  stop(): Promise<void>;
}

const BARE_PROGRAM = join(import.meta.dirname, 'bare', 'main.ts');

/** Resolves once it is at work; what writes orders is then a member of its group. */
export function startPart(stage: OrderStage, part: Part, signal: AbortSignal): Promise<PartProcess> {
  return stage.side === 'ours' ? startOurs(stage, part, signal) : startBare(stage, part, signal);
}

function startOurs(stage: OrderStage, part: Part, signal: AbortSignal): Promise<PartProcess> {
  const { redis, servers, topicPrefix, databaseUrl, regions } = stage;
  return startProduct({
    name: part,
    env: {
      REDIS_URL: redis.url,
      REDIS_PREFIX: KEYS_PREFIX,
      REGIONS: regions.join(','),
      KAFKA_BROKERS: servers.kafka.address,
      KAFKA_TOPIC_PREFIX: topicPrefix,
      DATABASE_URL: databaseUrl,
    },
    signal,
  });
}

async function startBare(stage: OrderStage, part: Part, signal: AbortSignal): Promise<PartProcess> {
  const { redis, outboxes, servers, topicPrefix, databaseUrl } = stage;
  const way = { broker: servers.kafka.address, topic: topicName(topicPrefix, 'claims.won') };
  const crew: Crew<BareOrder, BareReport> = startCrew({ program: BARE_PROGRAM, count: 1, signal });
  const ready = crew.reports('ready');
  crew.order(() =>
    part === 'relay' ? { t: 'relay', redisUrl: redis.url, outboxes, ...way } : { t: 'write', databaseUrl, ...way },
  );
  try {
    await ready;
  } catch (error) {
    await crew.end();
    throw error;
  }
  return { pid: crew.pids[0] ?? 0, stop: () => crew.end() };
}
