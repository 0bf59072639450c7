import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../../backoff.ts';
import type { Logger } from '../../logging/logger.ts';
import type { ReceivedMessage } from './types.ts';

/** One fetch of one partition, and what may be done about it. */
export interface Fetched {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly ReceivedMessage[];
  /** Rejects when the group is being divided anew. */
  heartbeat(): Promise<void>;
  /** The next fetch begins behind this message. */
  moveTo(message: ReceivedMessage): void;
  /** Refused by Kafka when the partition is no longer ours. */
  commitThrough(message: ReceivedMessage): Promise<void>;
  /** The partition is fetched again, from its position, only after this time. */
  holdFor(ms: number): void;
  /** False once this member stops, or the position was moved under its hands. */
  isCurrent(): boolean;
}

export interface DeliveryOptions {
  readonly onBatch: (messages: readonly ReceivedMessage[]) => Promise<void>;
  readonly maxBatch: number;
  readonly heartbeatMs: number;
  readonly backoff: Backoff;
  readonly commitAttempts: number;
  readonly log: Logger;
}

/**
 * Hands fetched messages over in order. Nothing is skipped: what cannot be handled now is fetched again after a back-off,
 * until it can be. Its partition waits for it; the others of this member go on.
 */
export function createDelivery(options: DeliveryOptions): (fetched: Fetched) => Promise<void> {
  const { onBatch, maxBatch, heartbeatMs, backoff, commitAttempts, log } = options;
  /** Failures in a row of each partition that has any. */
  const failures = new Map<string, number>();

  async function deliver(fetched: Fetched): Promise<void> {
    const { messages } = fetched;
    for (let from = 0; from < messages.length; from += maxBatch) {
      if (!fetched.isCurrent()) return;
      const chunk = messages.slice(from, from + maxBatch);
      const last = chunk.at(-1);
      if (last === undefined || !(await handled(chunk, fetched))) return;
      fetched.moveTo(last);
      await commit(last, fetched);
      await fetched.heartbeat();
    }
  }

  /** False when the messages could not be handled: the position stays before them, and they are fetched again. */
  async function handled(chunk: readonly ReceivedMessage[], fetched: Fetched): Promise<boolean> {
    const partition = `${fetched.topic}/${fetched.partition}`;
    const before = failures.get(partition) ?? 0;
    const place = { topic: fetched.topic, partition: fetched.partition, offset: chunk[0]?.offset };
    const outcome = await handle(chunk, fetched);
    if (outcome.handled) {
      if (failures.delete(partition)) log.info({ ...place, failures: before }, 'messages are handled again');
      return true;
    }
    failures.set(partition, before + 1);
    const told = { ...place, messages: chunk.length, failures: before + 1, err: outcome.error };
    log[before === 0 ? 'error' : 'debug'](told, 'messages cannot be handled; they will come again');
    if (outcome.lost !== undefined) throw outcome.lost;
    fetched.holdFor(backoffMs(before + 1, backoff));
    return false;
  }

  /**
   * A coordinator that loads or moves refuses for a moment. A rebalance refuses for good: the heartbeat in between finds
   * out. What is not committed in the end comes again, which is what "at least once" allows.
   */
  async function commit(last: ReceivedMessage, fetched: Fetched): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await fetched.commitThrough(last);
      } catch (error) {
        if (attempt >= commitAttempts) throw error;
        log.debug({ topic: last.topic, partition: last.partition, attempt, err: error }, 'a commit was refused');
        await delay(backoffMs(attempt, backoff));
        await fetched.heartbeat();
      }
    }
  }

  /** Heartbeats go on meanwhile, or a slow database would cost the membership. */
  async function handle(chunk: readonly ReceivedMessage[], fetched: Fetched): Promise<Outcome> {
    let lost: unknown;
    const beat = () =>
      fetched.heartbeat().catch((error: unknown) => {
        lost ??= error;
      });
    const timer = setInterval(beat, heartbeatMs);
    try {
      await onBatch(chunk);
      return { handled: true };
    } catch (error) {
      return { handled: false, error, lost };
    } finally {
      clearInterval(timer);
    }
  }

  return deliver;
}

type Outcome = { handled: true } | { handled: false; error: unknown; lost: unknown };
