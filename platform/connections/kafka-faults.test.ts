/** A Kafka that does not answer, dies and comes back. */
import { readdir, readFile } from 'node:fs/promises';
import { kill } from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../test/servers/eventually.ts';
import { useOwnKafka } from '../../test/servers/own-kafka.ts';
import { createLogger } from '../logging/logger.ts';
import { connectKafka, type Kafka } from './kafka.ts';

const server = useOwnKafka();
const log = createLogger({ name: 'test', level: 'silent' });
let kafka: Kafka;

const connect = (requestTimeoutMs: number, publishTimeoutMs: number) =>
  connectKafka({ brokers: server.brokers, clientId: 'test', log, requestTimeoutMs, publishTimeoutMs });

beforeEach(() => {
  kafka = connect(1_000, 3_000);
});
afterEach(() => kafka.close());

async function receive(topic: string): Promise<string[]> {
  const received: string[] = [];
  await kafka.subscribe({
    groupId: `group of ${topic}`,
    topics: [topic],
    fromBeginning: true,
    onBatch: async (messages) => void received.push(...messages.map(({ value }) => value)),
  });
  return received;
}

/** A signal takes a moment to reach every thread: until then the broker may still answer. */
async function standsStill(pid: number): Promise<void> {
  const threads = await readdir(`/proc/${pid}/task`);
  const isStopped = async (thread: string): Promise<boolean> =>
    / T /.test((await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8')).split(')').at(-1) ?? '');
  await eventually(async () => (await Promise.all(threads.map(isStopped))).every(Boolean), { withinMs: 5_000 });
}

describe('a Kafka that does not answer', () => {
  // Given up by kafkajs itself, and given up by us while kafkajs still tries.
  it.each([
    { requestTimeoutMs: 400, publishTimeoutMs: 30_000 },
    { requestTimeoutMs: 5_000, publishTimeoutMs: 500 },
  ])(
    'leaves the outcome of a publish unknown, and no later one takes its place: %o',
    { timeout: 60_000 },
    async (timeouts) => {
      const topic = `silent-${timeouts.requestTimeoutMs}`;
      await kafka.ensureTopics([{ topic, partitions: 1, replication: 1 }]);
      const impatient = connect(timeouts.requestTimeoutMs, timeouts.publishTimeoutMs);
      const publisher = await impatient.createPublisher();
      const batch = (name: string) => [1, 2, 3].map((n) => ({ topic, key: 'k', value: `${name}${n}` }));
      await eventually(() => publisher.publish(batch('a')).then(() => true), { withinMs: 20_000 });
      kill(server.pid, 'SIGSTOP');
      await standsStill(server.pid);
      try {
        // It has arrived at the broker, which will write it as soon as it goes on.
        await expect(publisher.publish(batch('b'))).rejects.toMatchObject({
          code: 'KAFKA_OUTCOME_UNKNOWN',
          retryable: true,
        });
      } finally {
        kill(server.pid, 'SIGCONT');
      }
      // With its sequence numbers used again, c would be taken for a repetition of b: acknowledged, and dropped.
      await eventually(() => publisher.publish(batch('c')).then(() => true), { withinMs: 20_000 });
      const received = await receive(topic);
      const expected = ['a1', 'a2', 'a3', 'c1', 'c2', 'c3'];
      await eventually(() => expected.every((value) => received.includes(value)), { withinMs: 15_000 });
      await impatient.close();
    },
  );
});

describe('a Kafka that is killed', () => {
  it('fails publishes and the check in bounded time, and everything goes on when it is back', {
    timeout: 90_000,
  }, async () => {
    const topic = 'killed';
    await kafka.ensureTopics([{ topic, partitions: 1, replication: 1 }]);
    const publisher = await kafka.createPublisher();
    const received = await receive(topic);
    await publisher.publish([{ topic, key: 'k', value: 'before' }]);
    await eventually(() => received.includes('before'), { withinMs: 10_000 });
    await kafka.check.check();

    await server.kill();
    await expect(kafka.check.check()).rejects.toThrow();
    const startedAt = performance.now();
    await expect(publisher.publish([{ topic, key: 'k', value: 'after' }])).rejects.toMatchObject({ retryable: true });
    expect(performance.now() - startedAt).toBeLessThan(10_000);

    await server.restart();
    await eventually(() => kafka.check.check().then(() => true), { withinMs: 20_000 });
    await eventually(() => publisher.publish([{ topic, key: 'k', value: 'after' }]).then(() => true), {
      withinMs: 20_000,
    });
    await eventually(() => received.includes('after'), { withinMs: 40_000 });
    expect(received.indexOf('before')).toBe(0);
  });

  it('does not hold up the end of a process', { timeout: 60_000 }, async () => {
    const topic = 'ended';
    await kafka.ensureTopics([{ topic, partitions: 1, replication: 1 }]);
    await kafka.createPublisher();
    await receive(topic);
    await server.kill();
    const startedAt = performance.now();
    await kafka.close();
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    await server.restart();
  });

  it('is named when there is none', { timeout: 60_000 }, async () => {
    const nowhere = connectKafka({ brokers: ['127.0.0.1:1'], clientId: 'test', log, firstConnectionMs: 500 });
    await expect(nowhere.createPublisher()).rejects.toMatchObject({
      code: 'KAFKA_UNREACHABLE',
      message: expect.stringContaining('127.0.0.1:1 cannot be used'),
    });
    await nowhere.close();
  });
});
