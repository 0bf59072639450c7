/**
 * What the store counts. A route notes a figure with one line and goes on: nothing is waited for, nothing fails. Figures
 * leave for Kafka in batches; while it is away, or slower than the store, the newest are dropped and counted.
 */
import { type Figure, type FigureName, type FigureValues, figureEvent } from '../../contracts/figures.ts';
import type { IdSource } from '../../contracts/ids.ts';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import type { Clock } from '../../platform/clock.ts';
import type { OutgoingMessage, Publisher } from '../../platform/connections/kafka.ts';
import type { Logger } from '../../platform/logging/logger.ts';

export interface Figures {
  /** Never throws, never waits. `subjectId` is the shopper, never a name or an address. */
  note<N extends FigureName>(
    name: N,
    values: FigureValues<N>,
    about?: { readonly dropId?: string; readonly subjectId?: string },
  ): void;
}

/** For a store that counts nothing. */
export const NO_FIGURES: Figures = { note: () => undefined };

export interface FiguresOptions {
  /** Opened when there is something to send, and again after it failed to open. */
  openPublisher(): Promise<Publisher>;
  readonly topicPrefix: string;
  readonly nextId: IdSource;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: { dropped(count: number): void; sent(count: number): void };
  readonly everyMs?: number;
  readonly mostWaiting?: number;
}

export interface SentFigures extends Figures {
  /** Sends what waits, once, then ends. */
  stop(): Promise<void>;
}

export function createFigures(options: FiguresOptions): SentFigures {
  const { openPublisher, topicPrefix, nextId, clock, log, metrics } = options;
  const { everyMs = INTERVALS.figuresEveryMs, mostWaiting = LIMITS.figuresWaiting } = options;
  const topic = topicName(topicPrefix, 'analytics.event');
  let waiting: OutgoingMessage[] = [];
  let publisher: Publisher | undefined;
  let sending: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isAway = false;

  async function send(): Promise<void> {
    try {
      publisher ??= await openPublisher();
      while (waiting.length > 0) {
        const batch = waiting.slice(0, LIMITS.figuresBatch);
        // Taken out only once Kafka has them; what it may have twice has the same id twice.
        await publisher.publish(batch);
        waiting = waiting.slice(batch.length);
        metrics.sent(batch.length);
      }
      isAway = false;
    } catch (error) {
      if (!isAway) log.warn({ err: error, waiting: waiting.length }, 'figures could not be sent, trying again');
      isAway = true;
    }
  }

  function plan(): void {
    if (timer !== undefined || isStopped) return;
    timer = setTimeout(() => {
      sending = send().then(() => {
        timer = undefined;
        if (waiting.length > 0) plan();
      });
    }, everyMs);
    // Nobody stays alive for figures.
    timer.unref();
  }

  return {
    note(name, values, about = {}) {
      if (isStopped || waiting.length >= mostWaiting) {
        metrics.dropped(1);
        return;
      }
      const { dropId = null, subjectId = null } = about;
      const figure: Figure<typeof name> = { name, values, dropId, subjectId };
      const id = nextId();
      // By its own id: a product that everybody looks at does not become a hot partition.
      waiting.push({ topic, key: id, value: figureEvent({ id, at: clock.now() }, figure) });
      plan();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await sending;
      if (waiting.length > 0 && !isAway) await send();
      if (waiting.length > 0) metrics.dropped(waiting.length);
      waiting = [];
      await publisher?.close();
    },
  };
}
