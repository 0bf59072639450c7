import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../platform/connections/kafka.ts';
import { PlatformError } from '../../platform/errors.ts';
import { gatherPublishes } from './gather.ts';

const messages = (count: number, key = 'k'): OutgoingMessage[] =>
  Array.from({ length: count }, () => ({ topic: 't', key, value: '' }));

const never = new AbortController().signal;

function publisherOf(answer: (batch: readonly OutgoingMessage[]) => Promise<void> = async () => undefined) {
  const requests: string[][] = [];
  return {
    requests,
    async publish(batch: readonly OutgoingMessage[]) {
      requests.push(batch.map(({ key }) => key));
      await answer(batch);
    },
  };
}

describe('gatherPublishes', () => {
  it('sends what several publish in the same turn as one request', async () => {
    const publisher = publisherOf();
    const gathering = gatherPublishes(publisher, 50);
    await Promise.all(['a', 'b', 'c'].map((key) => gathering.publish(messages(1, key))));
    expect(publisher.requests).toEqual([['a', 'b', 'c']]);
  });

  it('has the first one go at once, and the next ones wait for the same turn', async () => {
    const gathering = gatherPublishes(publisherOf(), 200);
    expect(await gathering.turn(never)).toBe(false);
    await gathering.publish(messages(1));
    const fromMs = performance.now();
    expect(await Promise.all([gathering.turn(never), gathering.turn(never)])).toEqual([true, true]);
    expect(performance.now() - fromMs).toBeGreaterThan(150);
  });

  it('ends the wait for a turn when everything is to stop', async () => {
    const gathering = gatherPublishes(publisherOf(), 60_000);
    await gathering.publish(messages(1));
    const stopping = new AbortController();
    const turn = gathering.turn(stopping.signal);
    stopping.abort();
    expect(await turn).toBe(true);
  });

  it('sends what comes during a request with the next one, each no larger than it may be', async () => {
    const first = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const publisher = publisherOf(() => {
      begun.resolve();
      return first.promise;
    });
    const gathering = gatherPublishes(publisher, 1);
    const sent = [gathering.publish(messages(2_000))];
    await begun.promise;
    for (let at = 0; at < 4; at += 1) sent.push(gathering.publish(messages(700)));
    first.resolve();
    await Promise.all(sent);
    expect(publisher.requests.map(({ length }) => length)).toEqual([2_000, 1_400, 1_400]);
  });

  it('tells everybody whose messages went with it that the outcome of a request is unknown', async () => {
    const unknown = new PlatformError('KAFKA_OUTCOME_UNKNOWN', 'timed out', { retryable: true });
    const publisher = publisherOf(() => Promise.reject(unknown));
    const gathering = gatherPublishes(publisher, 50);
    const ends = await Promise.allSettled([gathering.publish(messages(1)), gathering.publish(messages(1))]);
    expect(ends).toEqual([1, 2].map(() => ({ status: 'rejected', reason: unknown })));
    expect(publisher.requests).toHaveLength(1);
  });

  it('refuses only whose message is too large', async () => {
    const tooLarge = new PlatformError('KAFKA_MESSAGE_TOO_LARGE', 'too large', { retryable: false });
    const publisher = publisherOf(async (batch) => {
      if (batch.some(({ key }) => key === 'huge')) throw tooLarge;
    });
    const gathering = gatherPublishes(publisher, 50);
    const ends = await Promise.allSettled(['a', 'huge', 'b'].map((key) => gathering.publish(messages(1, key))));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(publisher.requests).toEqual([['a', 'huge', 'b'], ['a'], ['huge'], ['b']]);
  });
});
