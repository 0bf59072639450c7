/** Kafka with nothing of ours: records of the size of a claim, written and read again by a process each. */

import { connectKafka } from '../../platform/connections/kafka.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import type { BenchKafka } from '../machine/kafka-server.ts';
import { letWork, type Part, percentileMs, timesOf } from './part.ts';
import { RECORD_BYTES } from './worker/kafka.ts';

const BYTES_PER_MB = 1_000_000;
const PARTITIONS = 8;

export function produceAndConsume({ address: broker, pid }: BenchKafka, signal: AbortSignal): Part[] {
  const watched = { signal, server: pid };
  let topics = 0;
  let topic = '';
  let written = 0;
  const mb = (perSecond: number): number => (perSecond * RECORD_BYTES) / BYTES_PER_MB;
  return [
    {
      name: 'Kafka, all acks, idempotent',
      digits: { bareProducedMbPerSecond: 1, bareProduceP99Ms: 1 },
      async run(seconds) {
        topics += 1;
        topic = `limits-${topics}`;
        await makeTopic(broker, topic);
        const orderOf = () => ({ t: 'produce', broker, topic, ...timesOf(seconds) }) as const;
        const { perSecond, units, latencies, cpu } = await letWork(1, orderOf, watched);
        written = units;
        const figures = {
          bareProducedPerSecond: perSecond,
          bareProducedMbPerSecond: mb(perSecond),
          bareProduceP99Ms: percentileMs(latencies, 99),
        };
        return { figures, cpu, latencies };
      },
    },
    {
      name: 'Kafka, read again',
      digits: { bareConsumedMbPerSecond: 1 },
      async run() {
        // What was just written, less what a warm-up may not have: there is more than it is asked to read.
        const { perSecond, cpu } = await letWork(1, () => ({ t: 'consume', broker, topic, records: written }), watched);
        return { figures: { bareConsumedPerSecond: perSecond, bareConsumedMbPerSecond: mb(perSecond) }, cpu };
      },
    },
  ];
}

/** As the product makes its topics: a broker may not know yet what it has just been told to make. */
async function makeTopic(broker: string, topic: string): Promise<void> {
  const log = createLogger({ name: 'bench', level: 'silent' });
  const kafka = connectKafka({ brokers: [broker], clientId: 'limits', log });
  try {
    await kafka.ensureTopics([{ topic, partitions: PARTITIONS, replication: 1 }]);
  } finally {
    await kafka.close();
  }
}
