/**
 * One publisher for the outboxes of all regions of a process. Many small publishes are what costs Kafka and its readers
 * most, so a trickle is gathered: whoever has something soon after a publish waits for their turn, which is that of all
 * others too, and what they publish then goes in one request. Who comes after a quiet time does not wait, nor does a backlog.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { LIMITS } from '../../contracts/limits.ts';
import type { OutgoingMessage, Publisher } from '../../platform/connections/kafka.ts';
import { PlatformError } from '../../platform/errors.ts';

export interface GatheringPublisher {
  /** Waits for the turn, until it is aborted; true when there was something to wait for. */
  turn(signal: AbortSignal): Promise<boolean>;
  /** As Publisher.publish: what is told of a request holds for everything that went with it. */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
}

interface Waiting {
  readonly messages: readonly OutgoingMessage[];
  readonly sent: PromiseWithResolvers<void>;
}

/** Those who have the same turn come to publish within a moment: each has asked Redis once more before. */
const SAME_TURN_MS = 3;

export function gatherPublishes(publisher: Pick<Publisher, 'publish'>, gatherMs: number): GatheringPublisher {
  const waiting: Waiting[] = [];
  let isSending = false;
  let nextTurnMs = 0;

  async function sendAll(): Promise<void> {
    isSending = true;
    if (gatherMs > 0 && countOf(waiting) < LIMITS.relayPublish) await delay(SAME_TURN_MS);
    for (let some = next(); some.length > 0; some = next()) {
      nextTurnMs = performance.now() + gatherMs;
      await send(some);
    }
    isSending = false;
  }

  /** In order, no more than one request carries well, or what one of them has by itself. */
  function next(): Waiting[] {
    let messages = 0;
    const over = waiting.findIndex((one) => {
      messages += one.messages.length;
      return messages > LIMITS.relayPublish;
    });
    return waiting.splice(0, over < 0 ? waiting.length : Math.max(1, over));
  }

  async function send(some: readonly Waiting[]): Promise<void> {
    try {
      await publisher.publish(some.flatMap(({ messages }) => messages));
      for (const { sent } of some) sent.resolve();
    } catch (error) {
      if (some.length > 1 && isRefused(error)) await eachAlone(some);
      else for (const { sent } of some) sent.reject(error);
    }
  }

  async function eachAlone(some: readonly Waiting[]): Promise<void> {
    for (const one of some) await send([one]);
  }

  return {
    async turn(signal) {
      const waitMs = nextTurnMs - performance.now();
      if (waitMs <= 0) return false;
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
      return true;
    },
    publish(messages) {
      const sent = Promise.withResolvers<void>();
      waiting.push({ messages, sent });
      if (!isSending) void sendAll();
      return sent.promise;
    },
  };
}

/** Before anything was sent, as one message is too large: whose it is, is found out one by one. */
function isRefused(error: unknown): boolean {
  return error instanceof PlatformError && !error.retryable;
}

function countOf(waiting: readonly Waiting[]): number {
  return waiting.reduce((sum, { messages }) => sum + messages.length, 0);
}
