import { randomBytes } from 'node:crypto';
import { beforeAll } from 'vitest';
import { FromBeforeAll } from './from-before-all.ts';
import { askDeadlineMs, askHost } from './host/client.ts';

/** The run's Kafka, shared with other test files: every topic and consumer group of this one begins with `topicPrefix`. */
export function useKafka(): { readonly brokers: string[]; readonly topicPrefix: string } {
  const brokers = new FromBeforeAll<string[]>('the brokers of Kafka');
  const topicPrefix = `t${randomBytes(5).toString('hex')}.`;
  beforeAll(async () => brokers.set((await askHost('shared', { kind: 'kafka' })).address.split(',')), askDeadlineMs);
  return {
    get brokers() {
      return brokers.value;
    },
    topicPrefix,
  };
}
