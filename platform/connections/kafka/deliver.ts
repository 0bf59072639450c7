import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../../backoff.ts';
import type { Logger } from '../../logging/logger.ts';
import type { ReceivedMessage } from './types.ts';

/** One fetch of one partition, and what may be done about it. */
export interface Fetched {
  readonly topic: string;
  readonly partition: number;
  /** How many messages there are. */
  readonly count: number;
  /** Some of them, made when they are wanted: what waits is only as it came. */
  read(from: number, to: number): readonly ReceivedMessage[];
  /** Rejects when the group is being divided anew. */
  heartbeat(): Promise<void>;
  /** The next fetch begins behind this message. */
  moveTo(message: ReceivedMessage): void;
  /** The last ones of any partitions of this member, in one request. Refused by Kafka when the group was divided anew. */
  commitThrough(messages: readonly ReceivedMessage[]): Promise<void>;
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

export interface Delivery {
  /** One partition, or several that together have no more than maxBatch messages. */
  deliver(together: readonly Fetched[]): Promise<void>;
  /** Its last batch could not be handled: it goes alone, so that no other partition fails with it. */
  isInTrouble(fetched: Fetched): boolean;
}

/** What of one partition is in a batch. */
interface Part {
  readonly fetched: Fetched;
  readonly messages: readonly ReceivedMessage[];
}

/**
 * Hands fetched messages over in order. Nothing is skipped: what cannot be handled now is fetched again after a back-off,
 * until it can be. Its partition waits for it; the others of this member are handed over meanwhile.
 */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { onBatch, maxBatch, heartbeatMs, backoff, commitAttempts, log } = options;
  /** Failures in a row of each partition that has any. */
  const failures = new Map<string, number>();

  async function deliver(together: readonly Fetched[]): Promise<void> {
    for (const batch of batchesOf(together, maxBatch)) {
      const parts = batch.filter(({ fetched }) => fetched.isCurrent());
      const [first] = parts;
      if (first === undefined || !(await handled(parts, first.fetched))) return;
      const lasts = parts.flatMap(({ messages }) => messages.slice(-1));
      parts.forEach(({ fetched }, at) => {
        const last = lasts[at];
        if (last !== undefined) fetched.moveTo(last);
      });
      await commit(lasts, first.fetched);
      await first.fetched.heartbeat();
    }
  }

  /** False when the messages could not be handled: the positions stay before them, and they are fetched again. */
  async function handled(parts: readonly Part[], member: Fetched): Promise<boolean> {
    const outcome = await handle(
      parts.flatMap(({ messages }) => messages),
      member,
    );
    if (outcome.handled) {
      for (const part of parts) noteHandled(part);
      return true;
    }
    for (const part of parts) noteFailure(part, outcome.error);
    if (outcome.lost !== undefined) throw outcome.lost;
    for (const { fetched } of parts) fetched.holdFor(backoffMs(failures.get(nameOf(fetched)) ?? 1, backoff));
    return false;
  }

  function noteHandled(part: Part): void {
    const before = failures.get(nameOf(part.fetched));
    if (before === undefined) return;
    failures.delete(nameOf(part.fetched));
    log.info({ ...placeOf(part), failures: before }, 'messages are handled again');
  }

  function noteFailure(part: Part, error: unknown): void {
    const before = failures.get(nameOf(part.fetched)) ?? 0;
    failures.set(nameOf(part.fetched), before + 1);
    const told = { ...placeOf(part), messages: part.messages.length, failures: before + 1, err: error };
    log[before === 0 ? 'error' : 'debug'](told, 'messages cannot be handled; they will come again');
  }

  /**
   * A coordinator that loads or moves refuses for a moment. A rebalance refuses for good: the heartbeat in between finds
   * out. What is not committed in the end comes again, which is what "at least once" allows.
   */
  async function commit(lasts: readonly ReceivedMessage[], member: Fetched): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await member.commitThrough(lasts);
      } catch (error) {
        if (attempt >= commitAttempts) throw error;
        log.debug({ topic: member.topic, partition: member.partition, attempt, err: error }, 'a commit was refused');
        await delay(backoffMs(attempt, backoff));
        await member.heartbeat();
      }
    }
  }

  /** Heartbeats go on meanwhile, or a slow database would cost the membership. */
  async function handle(messages: readonly ReceivedMessage[], member: Fetched): Promise<Outcome> {
    let lost: unknown;
    const beat = () =>
      member.heartbeat().catch((error: unknown) => {
        lost ??= error;
      });
    const timer = setInterval(beat, heartbeatMs);
    try {
      await onBatch(messages);
      return { handled: true };
    } catch (error) {
      return { handled: false, error, lost };
    } finally {
      clearInterval(timer);
    }
  }

  return { deliver, isInTrouble: (fetched) => failures.has(nameOf(fetched)) };
}

type Outcome = { handled: true } | { handled: false; error: unknown; lost: unknown };

/** Several partitions are one batch; what one brought may be several. */
function* batchesOf(together: readonly Fetched[], maxBatch: number): Generator<Part[]> {
  const [only, another] = together;
  if (only === undefined) return;
  if (another !== undefined) {
    yield together.map((fetched) => ({ fetched, messages: fetched.read(0, fetched.count) }));
    return;
  }
  for (let from = 0; from < only.count; from += maxBatch) {
    yield [{ fetched: only, messages: only.read(from, Math.min(from + maxBatch, only.count)) }];
  }
}

function placeOf({ fetched: { topic, partition }, messages }: Part) {
  return { topic, partition, offset: messages[0]?.offset };
}

function nameOf({ topic, partition }: Fetched): string {
  return `${topic}/${partition}`;
}
