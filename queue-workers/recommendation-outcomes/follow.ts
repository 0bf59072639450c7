/** A batch of one partition of analytics.event. */
import { findOrderProducts, type OrderProduct } from '../../db/queries/experiments/attribute-orders.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ReceivedMessage } from '../../platform/connections/kafka.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { writeOutcomes } from './outcomes.ts';
import { type Sorted, sortFigures } from './sort-figures.ts';
import type { Trends } from './trends.ts';

export interface FollowOptions {
  readonly database: Database;
  readonly trends: Trends;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: { counted(what: 'trends' | 'outcomes', count: number): void; failed(what: 'trends'): void };
}

/** Rejects when PostgreSQL cannot be reached: the batch comes again. What trends may be missed, and waits for nobody. */
export async function followFigures(messages: readonly ReceivedMessage[], options: FollowOptions): Promise<void> {
  const { database, clock, metrics, log } = options;
  const [first] = messages;
  if (first === undefined) return;
  const nowMs = clock.now();
  const sorted = sortFigures(messages, nowMs);
  metrics.counted('outcomes', await writeOutcomes(database, { ...sorted, nowMs }));
  const products = await findOrderProducts(
    database,
    sorted.paid.map(({ orderId }) => orderId),
  );
  try {
    metrics.counted(
      'trends',
      await followTrends(`${first.topic}/${first.partition}`, sorted, products, nowMs, options),
    );
  } catch (error) {
    metrics.failed('trends');
    log.warn({ err: error }, 'what trends could not be counted');
  }
}

async function followTrends(
  partition: string,
  { trends, paid }: Sorted,
  products: readonly OrderProduct[],
  nowMs: number,
  options: FollowOptions,
): Promise<number> {
  await options.trends.forgetHistories([...new Set(products.map(({ shopperId }) => shopperId))]);
  return await options.trends.count(partition, { trends, paid, products, nowMs });
}
