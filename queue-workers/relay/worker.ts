import { hostname } from 'node:os';
import { loadRegionRedisUrls } from '../../platform/config/load.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { closeRedis, connectRedis } from '../../platform/connections/redis.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import type { Worker } from '../worker.ts';
import { gatherPublishes } from './gather.ts';
import { startRelay } from './relay.ts';
import { createOutboxStreams } from './stream.ts';

const variables = [
  ...(['REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE'] as const),
  ...(['KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX', 'ORDER_GATHER_MS'] as const),
] as const;

/**
 * One relay for each region, each with a reading connection of its own, because reading waits: one that is gone stops no
 * other. They publish together.
 */
export const relayWorker = {
  name: 'relay',
  variables,
  async start({ config, env, log, metrics, tracing, onStop, addCheck }) {
    const regionUrls = loadRegionRedisUrls(env, config.REGIONS, config.REDIS_URL);
    const { REDIS_URL: homeUrl, REDIS_MODE: mode } = config;
    const shards = await connectShards({ homeUrl, regionUrls, name: 'relay', log, mode });
    onStop('relay: redis', () => shards.close());
    shards.checks.forEach(addCheck);

    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'relay', log });
    onStop('relay: kafka', () => kafka.close());
    addCheck({ ...kafka.check, name: 'relay: kafka' });

    const kafkaPublisher = await kafka.createPublisher();
    onStop('relay: publisher', () => kafkaPublisher.close());
    const publisher = gatherPublishes(kafkaPublisher, config.ORDER_GATHER_MS);

    const keys = createKeys(config.REDIS_PREFIX);
    const drops = createDrops({ shards, keys });
    const relayed = metrics.counter({
      name: 'dropgate_relay_entries_total',
      help: 'Outbox entries that Kafka has taken.',
      labels: ['region'],
    });
    const dead = metrics.counter({ name: 'dropgate_relay_dead_letters_total', help: 'Outbox entries set aside.' });
    const failures = metrics.counter({ name: 'dropgate_relay_failures_total', help: 'Tries that failed.' });

    async function startOne(region: string): Promise<void> {
      const writer = shards.region(region)?.redis;
      const url = regionUrls.get(region);
      if (writer === undefined || url === undefined) return;
      // In a cluster nothing is read that waits: see createOutboxStreams.
      const reader =
        mode === 'cluster'
          ? writer
          : await connectRedis({ url, name: `relay-reader-${region}`, log, required: url === homeUrl });
      if (reader !== writer) onStop(`relay: reader of ${region}`, () => closeRedis(reader));
      const isThere = (): boolean => reader.status === 'ready' && writer.status === 'ready';
      const relay = startRelay({
        streams: createOutboxStreams({ reader, writer, consumer: `relay-${hostname()}` }),
        ...{ publisher, tracing },
        topicPrefix: config.KAFKA_TOPIC_PREFIX,
        log: log.child({ region }),
        metrics: {
          relayed: (count) => relayed.inc({ region }, count),
          dead: () => dead.inc(),
          failed: () => failures.inc(),
        },
        // A region that is gone has none for now: that it is gone is told once, by its connection.
        outboxes: async () => {
          const dropIds = isThere() ? await drops.ids() : [];
          const known = await Promise.all(dropIds.map((dropId) => drops.find(dropId)));
          return known.flatMap((drop) =>
            drop === undefined ? [] : [{ stream: keys.stock(drop.id, region).outbox, drop, region }],
          );
        },
      });
      onStop(`relay of ${region}`, () => relay.stop());
    }
    await Promise.all(config.REGIONS.map(startOne));
  },
} satisfies Worker<(typeof variables)[number]>;
