import { expect, it } from 'vitest';
import { TOPICS } from '../../contracts/topics.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { useKafka } from '../../test/servers/kafka.ts';
import { makeTopics } from './make-topics.ts';

const kafka = useKafka();
const log = createLogger({ name: 'test', level: 'silent' });

it('makes each topic and its dead letters once', async () => {
  const config = {
    KAFKA_BROKERS: kafka.brokers,
    KAFKA_TOPIC_PREFIX: kafka.topicPrefix,
    KAFKA_PARTITIONS: 2,
    KAFKA_REPLICATION: 1,
  };
  const first = await makeTopics(config, log);
  expect(first).toMatchObject({ all: 2 * TOPICS.length });
  expect(first.created).toHaveLength(first.all);
  expect(first.created).toContain(`${kafka.topicPrefix}claims.won.dlq`);
  expect(await makeTopics(config, log)).toEqual({ created: [], all: first.all });
});
