import { describe, expect, it } from 'vitest';
import { createLogger } from '../../logging/logger.ts';
import { createPublisher, type Producer } from './publisher.ts';
import type { TopicMessages } from './requests.ts';

const log = createLogger({ name: 'test', level: 'silent' });
const batch = (value: string) => [{ topic: 't', key: 'k', value }];

/** Producers that answer when told to, and remember what they were sent. */
function fakeProducers() {
  const made: { sent: string[]; closed: boolean; answers: PromiseWithResolvers<void>[] }[] = [];
  const open = async (): Promise<Producer> => {
    const one = { sent: [] as string[], closed: false, answers: [] as PromiseWithResolvers<void>[] };
    made.push(one);
    return {
      send(request: readonly TopicMessages[]) {
        one.sent.push(...request.flatMap((topic) => topic.messages.map((message) => message.value)));
        const answer = Promise.withResolvers<void>();
        one.answers.push(answer);
        return answer.promise;
      },
      async close() {
        one.closed = true;
      },
    };
  };
  return { made, open };
}

async function publisherOf(options: { publishMs?: number; maxWaiting?: number } = {}) {
  const { made, open } = fakeProducers();
  const publisher = createPublisher({ first: await open(), open, log, ...options });
  const turns = async () => {
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
  };
  return { publisher, made, turns };
}

describe('createPublisher', () => {
  it('sends one request at a time: none comes between another and its retries', async () => {
    const { publisher, made, turns } = await publisherOf();
    const first = publisher.publish(batch('a'));
    const second = publisher.publish(batch('b'));
    await turns();
    expect(made[0]?.sent).toEqual(['a']);
    made[0]?.answers[0]?.resolve();
    await first;
    await turns();
    expect(made[0]?.sent).toEqual(['a', 'b']);
    made[0]?.answers[1]?.resolve();
    await second;
    expect(made).toHaveLength(1);
  });

  it('never uses a producer again that failed, and closes it', async () => {
    const { publisher, made, turns } = await publisherOf();
    const failing = publisher.publish(batch('a'));
    const next = publisher.publish(batch('b'));
    await turns();
    made[0]?.answers[0]?.reject(new Error('timed out'));
    await expect(failing).rejects.toMatchObject({ code: 'KAFKA_OUTCOME_UNKNOWN', retryable: true });
    await turns();
    expect(made[0]).toMatchObject({ sent: ['a'], closed: true });
    expect(made[1]?.sent).toEqual(['b']);
    made[1]?.answers[0]?.resolve();
    await next;
  });

  it('says that the outcome is unknown when it takes too long, and closes the old producer only once it has ended', async () => {
    const { publisher, made, turns } = await publisherOf({ publishMs: 20 });
    await expect(publisher.publish(batch('a'))).rejects.toMatchObject({ code: 'KAFKA_OUTCOME_UNKNOWN' });
    expect(made[0]?.closed).toBe(false);
    made[0]?.answers[0]?.resolve();
    await turns();
    expect(made[0]?.closed).toBe(true);
  });

  it('refuses more than may wait', async () => {
    const { publisher, made, turns } = await publisherOf({ maxWaiting: 2 });
    const accepted = [publisher.publish(batch('a')), publisher.publish(batch('b'))];
    await expect(publisher.publish(batch('c'))).rejects.toMatchObject({ code: 'KAFKA_TOO_MANY_WAITING' });
    await turns();
    made[0]?.answers[0]?.resolve();
    await accepted[0];
    await turns();
    made[0]?.answers[1]?.resolve();
    await Promise.all(accepted);
  });

  it('sends what it accepted before it closes, and nothing afterwards', async () => {
    const { publisher, made, turns } = await publisherOf();
    const accepted = publisher.publish(batch('a'));
    const closing = publisher.close();
    await expect(publisher.publish(batch('b'))).rejects.toMatchObject({ code: 'KAFKA_CLOSED' });
    await turns();
    expect(made[0]?.closed).toBe(false);
    made[0]?.answers[0]?.resolve();
    await accepted;
    await closing;
    expect(made[0]).toMatchObject({ sent: ['a'], closed: true });
  });
});
