import { INTERVALS } from '../contracts/limits.ts';
import { loadRegionRedisUrls } from '../platform/config/load.ts';
import { connectKafka } from '../platform/connections/kafka.ts';
import { runService } from '../platform/service.ts';
import { createHomeClock } from '../reservation-core/home-clock.ts';
import { connectShards } from '../reservation-core/shards.ts';
import { createEdge } from './edge.ts';
import { followOrders } from './order-updates.ts';

await runService(process, {
  name: 'edge',
  variables: [
    ...(['EDGE_HOST', 'EDGE_PORT', 'REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE', 'CLAIM_DURABILITY'] as const),
    ...(['KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX', 'AUTH_SECRET', 'PASS_SECRET'] as const),
    ...(['EDGE_ORIGINS', 'EDGE_TRUSTED_PROXIES', 'EDGE_UNLIMITED', 'EDGE_SOCKETS_PER_ADDRESS'] as const),
  ],
  async start({ config, env, log, clock: own, metrics, tracing, onStop, addCheck }) {
    const shards = await connectShards({
      homeUrl: config.REDIS_URL,
      regionUrls: loadRegionRedisUrls(env, config.REGIONS, config.REDIS_URL),
      name: 'edge',
      log,
      mode: config.REDIS_MODE,
      durability: config.CLAIM_DURABILITY,
    });
    onStop('redis', () => shards.close());
    shards.checks.forEach(addCheck);

    const clock = await createHomeClock(shards.home.redis, own);
    const adjusting = setInterval(() => {
      clock.adjust().catch((error: unknown) => log.debug({ err: error }, 'the time of the line could not be read'));
    }, INTERVALS.clockAdjustMs);
    onStop('clock', () => clearInterval(adjusting));

    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'edge', log });
    onStop('kafka', () => kafka.close());
    addCheck(kafka.check);

    const edge = createEdge({
      shards,
      redisPrefix: config.REDIS_PREFIX,
      authSecret: config.AUTH_SECRET,
      passSecret: config.PASS_SECRET,
      clock,
      log,
      ...{ metrics, tracing },
      access: {
        origins: config.EDGE_ORIGINS,
        trustedProxies: config.EDGE_TRUSTED_PROXIES,
        unlimited: config.EDGE_UNLIMITED,
        socketsPerAddress: config.EDGE_SOCKETS_PER_ADDRESS,
      },
    });
    onStop('sockets', () => edge.close());
    const orders = await followOrders({
      kafka,
      topicPrefix: config.KAFKA_TOPIC_PREFIX,
      instance: crypto.randomUUID(),
      presence: edge.presence,
      log,
    });
    onStop('order news', () => orders.stop());
    const port = await edge.listen(config.EDGE_HOST, config.EDGE_PORT);
    // Whoever gives a process little time to stop gets its sockets sent away in a part of it, not cut in the middle.
    onStop('listening', () => edge.drain(Math.min(INTERVALS.drainMs, config.SHUTDOWN_TIMEOUT_MS / 4)));
    return { addresses: { edge: `ws://${config.EDGE_HOST}:${port}` } };
  },
});
