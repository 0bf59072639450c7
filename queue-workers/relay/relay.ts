/**
 * From the outbox of one region to Kafka. An entry leaves the stream only after Kafka has it, so a crash anywhere
 * publishes it again (the claim id makes that harmless) and never loses it. A time-out is not a failure: the same
 * entries are published again until Kafka has answered.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import type { OutgoingMessage } from '../../platform/connections/kafka.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { NO_TRACING, type Tracing } from '../../platform/tracing/tracing.ts';
import type { GatheringPublisher } from './gather.ts';
import { messagesOf, type Outbox } from './messages.ts';
import type { OutboxEntry, OutboxStreams } from './stream.ts';

export interface RelayOptions {
  readonly streams: OutboxStreams;
  readonly publisher: GatheringPublisher;
  readonly topicPrefix: string;
  readonly log: Logger;
  readonly metrics: RelayMetrics;
  readonly tracing?: Tracing;
  /** The outbox streams that there are now; asked for every INTERVALS.dropRefreshMs. */
  outboxes(): Promise<Outbox[]>;
}

export interface RelayMetrics {
  relayed(count: number): void;
  dead(): void;
  failed(): void;
}

export interface Relay {
  /** Resolves once what was in hand is with Kafka, or could not be brought there. */
  stop(): Promise<void>;
}

export function startRelay(options: RelayOptions): Relay {
  const { streams, log, metrics, tracing = NO_TRACING } = options;
  const stopping = new AbortController();
  const prepared = new Set<string>();
  let takeOverAtMs = 0;
  let outboxes: readonly Outbox[] = [];
  let lookAgainAtMs = 0;

  async function lookForOutboxes(): Promise<void> {
    if (performance.now() < lookAgainAtMs) return;
    outboxes = await options.outboxes();
    lookAgainAtMs = performance.now() + INTERVALS.dropRefreshMs;
  }

  async function prepare(): Promise<void> {
    for (const { stream } of outboxes) {
      if (prepared.has(stream)) continue;
      await streams.prepare(stream);
      await publishAll(() => streams.own(stream, LIMITS.relayBatch));
      prepared.add(stream);
    }
  }

  async function takeOverFromTheDead(): Promise<void> {
    if (performance.now() < takeOverAtMs) return;
    takeOverAtMs = performance.now() + INTERVALS.relayTakeoverMs;
    for (const { stream } of outboxes) {
      await publishAll(() => streams.takeOver(stream, INTERVALS.relayTakeoverMs, LIMITS.relayBatch));
    }
  }

  /** Until there is nothing more to get. */
  async function publishAll(get: () => Promise<OutboxEntry[]>): Promise<void> {
    for (let entries = await get(); entries.length > 0 && !stopping.signal.aborted; entries = await get()) {
      await publish(entries);
    }
  }

  /** While the entries of one publish leave the stream, the next publish is under way; never more than that. */
  async function publish(entries: readonly OutboxEntry[]): Promise<void> {
    let leaving: Promise<void> = Promise.resolve();
    try {
      for (const some of inPublishes(entries, LIMITS.relayPublish)) {
        const messages = some.flatMap(translate);
        const fromMs = Date.now();
        await options.publisher.publish(messages);
        tellPublished(messages, fromMs);
        await leaving;
        leaving = leave(some);
        // Its failure is told where it is waited for.
        leaving.catch(() => undefined);
      }
    } finally {
      await leaving;
    }
  }

  function tellPublished(messages: readonly OutgoingMessage[], fromMs: number): void {
    for (const { key, topic } of messages) {
      if (!tracing.follows(key)) continue;
      tracing.step(key, 'relay', { fromMs, untilMs: Date.now(), facts: { topic, messages: messages.length } });
    }
  }

  async function leave(entries: readonly OutboxEntry[]): Promise<void> {
    await streams.done(entries);
    metrics.relayed(entries.length);
  }

  /** What cannot be read goes to the dead letters with its reason; the rest goes on. */
  function translate(entry: OutboxEntry): readonly OutgoingMessage[] {
    const outbox = outboxes.find(({ stream }) => stream === entry.stream);
    if (outbox === undefined) throw new Error(`${entry.stream} is not among the outboxes`);
    const { messages, unreadable } = messagesOf(entry, outbox, options.topicPrefix);
    for (const { reason } of unreadable) {
      metrics.dead();
      log.error({ stream: entry.stream, entry: entry.id, reason }, 'an outbox entry could not be read');
    }
    return messages;
  }

  async function once(): Promise<void> {
    await lookForOutboxes();
    if (outboxes.length === 0) {
      await delay(INTERVALS.relayBlockMs, undefined, { signal: stopping.signal });
      return;
    }
    await prepare();
    await takeOverFromTheDead();
    const each = Math.max(1, Math.floor(LIMITS.relayBatch / outboxes.length));
    const names = outboxes.map(({ stream }) => stream);
    const first = await streams.next(names, each, INTERVALS.relayBlockMs);
    if (first.length === 0) return;
    // A backlog is published as it comes.
    if (first.length >= each || messagesIn(first) >= LIMITS.relayPublish) return await publish(first);
    // What else is there when the turn comes goes with what was first; what comes then is for the turn after it.
    const more = (await options.publisher.turn(stopping.signal)) ? await streams.next(names, each, 0) : [];
    await publish([...first, ...more]);
    await options.publisher.turn(stopping.signal);
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await once();
      } catch (error) {
        if (stopping.signal.aborted) return;
        metrics.failed();
        log.warn({ err: error }, 'the outbox could not be relayed, trying again');
        // What was taken and not finished is this consumer's own: it is read again first.
        prepared.clear();
        await delay(INTERVALS.relayBlockMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** In order, each of no more than `most` messages, or of one entry that has more by itself. */
export function inPublishes(entries: readonly OutboxEntry[], most: number): OutboxEntry[][] {
  const publishes: OutboxEntry[][] = [];
  let messages = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    if (messages + entry.fields.length > most) {
      publishes.push([]);
      messages = 0;
    }
    publishes.at(-1)?.push(entry);
    messages += entry.fields.length;
  }
  return publishes;
}

function messagesIn(entries: readonly OutboxEntry[]): number {
  return entries.reduce((sum, { fields }) => sum + fields.length, 0);
}
