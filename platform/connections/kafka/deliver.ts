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
  /** False once this member stops, or the position was moved under its hands. */
  isCurrent(): boolean;
}

export interface DeliveryOptions {
  readonly onBatch: (messages: readonly ReceivedMessage[]) => Promise<void>;
  readonly maxBatch: number;
  readonly heartbeatMs: number;
  readonly backoff: Backoff;
  readonly commitAttempts: number;
  readonly stopping: AbortSignal;
  readonly log: Logger;
}

/** Hands fetched messages over in order. Nothing is skipped: what cannot be handled now is tried until it can be. */
export function createDelivery(options: DeliveryOptions): (fetched: Fetched) => Promise<void> {
  const { onBatch, maxBatch, heartbeatMs, backoff, commitAttempts, stopping, log } = options;
  /** Partitions whose batch failed and has not succeeded since: for one log line per change. */
  const failing = new Set<string>();

  async function deliver(fetched: Fetched): Promise<void> {
    const { messages } = fetched;
    for (let from = 0; from < messages.length; from += maxBatch) {
      if (!fetched.isCurrent()) return;
      const chunk = messages.slice(from, from + maxBatch);
      const last = chunk.at(-1);
      if (last === undefined || !(await untilHandled(chunk, fetched))) return;
      fetched.moveTo(last);
      await commit(last, fetched);
      await fetched.heartbeat();
    }
  }

  /** False when the process stops before the messages could be handled: they stay uncommitted, for the next member. */
  async function untilHandled(chunk: readonly ReceivedMessage[], fetched: Fetched): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await handle(chunk, fetched);
      tell(chunk, attempt, outcome);
      if (outcome.handled) return true;
      if (outcome.lost !== undefined) throw outcome.lost;
      if (!(await pause(backoffMs(attempt, backoff), fetched))) return false;
    }
  }

  function tell(chunk: readonly ReceivedMessage[], attempt: number, outcome: Outcome): void {
    const [first] = chunk;
    const place = { topic: first?.topic, partition: first?.partition, offset: first?.offset };
    const partition = `${place.topic}/${place.partition}`;
    if (outcome.handled) {
      if (failing.delete(partition)) log.info({ ...place, attempts: attempt }, 'messages are handled again');
    } else if (failing.has(partition)) {
      log.debug({ ...place, attempt, err: outcome.error }, 'messages still cannot be handled');
    } else {
      failing.add(partition);
      log.error({ ...place, messages: chunk.length, err: outcome.error }, 'messages cannot be handled; trying again');
    }
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

  async function pause(ms: number, fetched: Fetched): Promise<boolean> {
    for (let left = ms; left > 0; left -= heartbeatMs) {
      if (stopping.aborted || !fetched.isCurrent()) return false;
      await delay(Math.min(left, heartbeatMs), undefined, { signal: stopping }).catch(() => undefined);
      await fetched.heartbeat();
    }
    return !stopping.aborted && fetched.isCurrent();
  }

  return deliver;
}

type Outcome = { handled: true } | { handled: false; error: unknown; lost: unknown };
