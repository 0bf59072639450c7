import { PlatformError } from '../../errors.ts';
import type { Logger } from '../../logging/logger.ts';
import type { TopicSpec } from './types.ts';

export interface TopicAdmin {
  /** Partitions of every topic there is. */
  partitionsOf(): Promise<ReadonlyMap<string, number>>;
  /** False when one of them had been made meanwhile. */
  create(topics: readonly TopicSpec[]): Promise<boolean>;
}

const TRIES = 3;

/** Makes what is missing. Two processes that start together may both find it missing: that is no error. */
export async function createTopics(
  admin: TopicAdmin,
  wanted: readonly TopicSpec[],
  log: Logger,
): Promise<{ created: string[] }> {
  const created: string[] = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const existing = await admin.partitionsOf();
    const missing = wanted.filter(({ topic }) => !existing.has(topic));
    if (missing.length === 0) {
      warnOfFewerPartitions(wanted, existing, log);
      return { created };
    }
    if (await admin.create(missing)) created.push(...missing.map(({ topic }) => topic));
  }
  throw new PlatformError('KAFKA_TOPICS_FAILED', `some topics are still missing after ${TRIES} tries`, {
    retryable: true,
  });
}

function warnOfFewerPartitions(wanted: readonly TopicSpec[], existing: ReadonlyMap<string, number>, log: Logger): void {
  for (const { topic, partitions } of wanted) {
    const has = existing.get(topic);
    if (has === undefined || has >= partitions) continue;
    // Adding partitions would move keys to others, so it is for an operator to do, at a quiet time.
    log.warn({ topic, partitions: has, wanted: partitions }, 'a topic has fewer partitions than configured');
  }
}
