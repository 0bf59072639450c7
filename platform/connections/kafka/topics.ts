import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../../backoff.ts';
import { PlatformError } from '../../errors.ts';
import type { Logger } from '../../logging/logger.ts';
import type { TopicSpec } from './types.ts';

export interface TopicAdmin {
  /** For every topic there is, how many of its partitions have a leader. */
  partitionsOf(): Promise<ReadonlyMap<string, number>>;
  /** False when one of them had been made meanwhile. */
  create(topics: readonly TopicSpec[]): Promise<boolean>;
}

const TRIES = 20;
const BACKOFF: Backoff = { minMs: 20, maxMs: 500 };

/**
 * Makes what is missing, and waits until what it made can be written to. Two processes that start together may both
 * find a topic missing: that is no error.
 */
export async function createTopics(
  admin: TopicAdmin,
  wanted: readonly TopicSpec[],
  log: Logger,
): Promise<{ created: string[] }> {
  const created = new Set<string>();
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const existing = await admin.partitionsOf();
    const missing = wanted.filter(({ topic }) => !existing.has(topic) && !created.has(topic));
    if (missing.length > 0 && (await admin.create(missing))) for (const { topic } of missing) created.add(topic);
    const waiting = wanted.filter((spec) => !isLed(spec, existing, created));
    if (waiting.length === 0) {
      warnOfFewerPartitions(wanted, existing, log);
      return { created: [...created] };
    }
    await delay(backoffMs(attempt, BACKOFF));
  }
  throw new PlatformError('KAFKA_TOPICS_FAILED', `some topics are still not there after ${TRIES} looks`, {
    retryable: true,
  });
}

/** What was made here has to have all its partitions; what was there before may have fewer, and only has to be led. */
function isLed(
  { topic, partitions }: TopicSpec,
  led: ReadonlyMap<string, number>,
  created: ReadonlySet<string>,
): boolean {
  return (led.get(topic) ?? 0) >= (created.has(topic) ? partitions : 1);
}

function warnOfFewerPartitions(wanted: readonly TopicSpec[], existing: ReadonlyMap<string, number>, log: Logger): void {
  for (const { topic, partitions } of wanted) {
    const has = existing.get(topic);
    if (has === undefined || has >= partitions) continue;
    // Adding partitions would move keys to others, so it is for an operator to do, at a quiet time.
    log.warn({ topic, partitions: has, wanted: partitions }, 'a topic has fewer partitions than configured');
  }
}
