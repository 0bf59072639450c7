import { withDeadline } from '../../deadline.ts';
import { PlatformError } from '../../errors.ts';
import { PLATFORM_LIMITS } from '../../limits.ts';
import type { Logger } from '../../logging/logger.ts';
import { intoRequests, type TopicMessages } from './requests.ts';
import type { OutgoingMessage, Publisher } from './types.ts';

/** One idempotent producer with an id and sequence numbers of its own. */
export interface Producer {
  send(request: readonly TopicMessages[]): Promise<void>;
  close(): Promise<void>;
}

export interface PublisherOptions {
  readonly first: Producer;
  readonly open: () => Promise<Producer>;
  readonly log: Logger;
  readonly publishMs?: number;
  readonly maxWaiting?: number;
}

/**
 * One request at a time, and after a failed one a new producer.
 *
 * kafkajs takes the sequence numbers of a failed request back and lets the next one use them. If the failed one had
 * arrived after all, the brokers take the next one, with other messages, for its repetition, acknowledge it and drop it.
 * So no other request may come between a request and its retries, and none may follow with the same producer id.
 */
export function createPublisher(options: PublisherOptions): Publisher {
  const {
    open,
    log,
    publishMs = PLATFORM_LIMITS.kafkaPublishMs,
    maxWaiting = PLATFORM_LIMITS.kafkaPublishesWaiting,
  } = options;
  let producer: Producer | undefined = options.first;
  let lane: Promise<void> = Promise.resolve();
  let waiting = 0;
  let closed = false;

  async function send(requests: readonly (readonly TopicMessages[])[]): Promise<void> {
    let sent = 0;
    for (const request of requests) {
      producer ??= await reopen(sent);
      const sending = producer.send(request);
      try {
        await withDeadline(sending, publishMs, 'a publish');
      } catch (cause) {
        retire(producer, sending);
        producer = undefined;
        throw unknownOutcome(cause);
      }
      sent += 1;
    }
  }

  async function reopen(sent: number): Promise<Producer> {
    const opening = open();
    try {
      return await withDeadline(opening, publishMs, 'connecting');
    } catch (cause) {
      const gone = opening.then((late) => late.close());
      gone.catch(() => undefined);
      throw sent === 0 ? cause : unknownOutcome(cause);
    }
  }

  /** Its retries may still be at work, and would open closed connections again: closed once they have ended. */
  function retire(old: Producer, sending: Promise<void>): void {
    const gone = sending.catch(() => undefined).then(() => old.close());
    gone.catch((error: unknown) => log.debug({ err: error }, 'a Kafka producer did not close'));
  }

  async function publish(batch: readonly OutgoingMessage[]): Promise<void> {
    if (closed) throw new PlatformError('KAFKA_CLOSED', 'this publisher was closed', { retryable: false });
    if (waiting >= maxWaiting) {
      throw new PlatformError('KAFKA_TOO_MANY_WAITING', `${waiting} batches wait for Kafka already`, {
        retryable: true,
      });
    }
    const requests = intoRequests(batch);
    waiting += 1;
    const turn = lane.then(() => send(requests));
    lane = turn.catch(() => undefined);
    try {
      await turn;
    } finally {
      waiting -= 1;
    }
  }

  return {
    publish,
    async close() {
      if (closed) return;
      closed = true;
      await lane;
      await producer?.close();
    },
  };
}

function unknownOutcome(cause: unknown): PlatformError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PlatformError(
    'KAFKA_OUTCOME_UNKNOWN',
    `Kafka may or may not have the batch (${why}): publish the same messages again`,
    { retryable: true, cause },
  );
}
