import { CARRIER_VARIABLES, createCarriers } from '../commerce/carriers/carriers.ts';
import { weightsOf } from '../commerce/experiments/arms.ts';
import { createProviders, PAYMENT_VARIABLES } from '../commerce/payments/providers.ts';
import { createIdSource } from '../contracts/ids.ts';
import { createAnalytics } from '../db/analytics/create.ts';
import { loadRegionRedisUrls } from '../platform/config/load.ts';
import { connectKafka } from '../platform/connections/kafka.ts';
import { connectPostgres, postgresCheck } from '../platform/connections/postgres.ts';
import { closeRedis, connectRedis, redisCheck } from '../platform/connections/redis.ts';
import { connectRedisCluster } from '../platform/connections/redis-cluster.ts';
import { OBJECTS_VARIABLES, objectsCheck, openObjects } from '../platform/objects/open-objects.ts';
import { createOutgoing } from '../platform/outgoing/outgoing.ts';
import { runService } from '../platform/service.ts';
import { createAccessTokens } from '../platform/tokens/access-token.ts';
import { createKeys } from '../reservation-core/keys.ts';
import { connectShards } from '../reservation-core/shards.ts';
import { createStore } from './app.ts';
import { createCatalog } from './caching/catalog.ts';
import { createHearing } from './caching/follow-changes.ts';
import { createFigures } from './figures/figures.ts';
import { createOidc } from './oidc/oidc.ts';
import { startPressure } from './pressure/start-pressure.ts';
import { startSearch } from './search/start-search.ts';

await runService(process, {
  name: 'store',
  variables: [
    ...(['STORE_HOST', 'STORE_PORT', 'STORE_ORIGINS', 'STORE_TRUSTED_PROXIES', 'STORE_UNLIMITED'] as const),
    ...(['DATABASE_URL', 'DATABASE_POOL', 'REDIS_URL', 'REDIS_PREFIX', 'REDIS_MODE', 'AUTH_SECRET'] as const),
    ...(['SEARCH_URL', 'ANALYTICS_URL', 'REGIONS', 'RECOMMENDATION_WEIGHTS'] as const),
    ...(['DATABASE_REPLICA_URL', 'KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX'] as const),
    ...PAYMENT_VARIABLES,
    ...CARRIER_VARIABLES,
    ...(['OIDC_PROVIDERS', 'STORE_PUBLIC_URL'] as const),
    ...OBJECTS_VARIABLES,
    ...(['NODE_ENV', 'OUTGOING_SECRET', 'VAPID_PRIVATE_KEY'] as const),
  ],
  async start({ config, env, log, clock, metrics, tracing, onStop, addCheck, readiness }) {
    const database = connectPostgres({ url: config.DATABASE_URL, max: config.DATABASE_POOL, name: 'store', log });
    onStop('postgres', () => database.end());
    addCheck(postgresCheck(database));
    // Without it no carts and only this process's own rate limits, but goods are shown and people sign in.
    const connect = config.REDIS_MODE === 'cluster' ? connectRedisCluster : connectRedis;
    const redis = await connect({ url: config.REDIS_URL, name: 'store', log, required: false });
    onStop('redis', () => closeRedis(redis));
    addCheck({ ...redisCheck(redis), needed: false });
    // Only merchants who watch their sale look at the regions.
    const shards = await connectShards({
      ...{ homeUrl: config.REDIS_URL, mode: config.REDIS_MODE, name: 'store-sale', log, needsHome: false },
      regionUrls: loadRegionRedisUrls(env, config.REGIONS, config.REDIS_URL),
    });
    onStop('sale', () => shards.close());
    for (const check of shards.checks) addCheck({ ...check, name: `sale: ${check.name}`, needed: false });
    const replicaUrl = config.DATABASE_REPLICA_URL;
    const max = config.DATABASE_POOL;
    const replica = replicaUrl === '' ? undefined : connectPostgres({ url: replicaUrl, max, name: 'store-reads', log });
    if (replica !== undefined) {
      onStop('replica', () => replica.end());
      addCheck({ ...postgresCheck(replica, 'postgres replica'), needed: false });
    }
    // Without it, what other processes change shows a moment later.
    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'store', log });
    onStop('kafka', () => kafka.close());
    addCheck({ ...kafka.check, needed: false });
    const instance = crypto.randomUUID();
    const hearing = createHearing({ kafka, topicPrefix: config.KAFKA_TOPIC_PREFIX, instance, log });
    const catalog = createCatalog({
      ...{ database, replica, redis, redisPrefix: config.REDIS_PREFIX, clock, log },
      hearsChanges: () => hearing.hears(),
    });
    hearing.follow(catalog);
    onStop('news of changes', () => hearing.stop());
    const pressure = startPressure({ database, databaseUrl: config.DATABASE_URL, metrics, log });
    onStop('pressure', () => pressure.stop());
    const nextId = createIdSource(clock);
    const counted = metrics.counter({
      ...{
        name: 'dropgate_figures_total',
        help: 'What the store counted, sent to Kafka or dropped.',
        labels: ['what'],
      },
    });
    const figures = createFigures({
      ...{ openPublisher: () => kafka.createPublisher(), topicPrefix: config.KAFKA_TOPIC_PREFIX, nextId, clock, log },
      metrics: {
        sent: (count) => counted.inc({ what: 'sent' }, count),
        dropped: (count) => counted.inc({ what: 'dropped' }, count),
      },
    });
    onStop('figures', () => figures.stop());
    const providers = createProviders(config);
    onStop('providers', () => providers.close());
    const search = startSearch({ url: config.SEARCH_URL, database, log });
    onStop('search indexer', () => search.indexer.stop());
    const objects = openObjects(config);
    addCheck(objectsCheck(objects));
    const store = await createStore({
      oidc: createOidc({
        ...{ providers: config.OIDC_PROVIDERS, publicUrl: config.STORE_PUBLIC_URL, origins: config.STORE_ORIGINS },
        ...{ redis, redisPrefix: config.REDIS_PREFIX, clock },
      }),
      objects,
      search: search.engine,
      ...{ load: pressure.load, flags: pressure.flags, pressureMetrics: pressure.metrics },
      outgoing: createOutgoing(config),
      ...{ catalog, tracing },
      providers,
      carriers: createCarriers(config),
      database,
      redis,
      redisPrefix: config.REDIS_PREFIX,
      regions: config.REGIONS,
      sale: { shards, keys: createKeys(config.REDIS_PREFIX) },
      accessTokens: createAccessTokens({ secret: config.AUTH_SECRET, clock }),
      nextId,
      figures,
      analytics: createAnalytics(config.ANALYTICS_URL, database),
      recommendationWeights: weightsOf(config.RECOMMENDATION_WEIGHTS),
      clock,
      readiness,
      log,
      web: {
        origins: config.STORE_ORIGINS,
        trustedProxies: config.STORE_TRUSTED_PROXIES,
        unlimited: config.STORE_UNLIMITED,
      },
    });
    onStop('store', () => store.close());
    const address = await store.listen({ host: config.STORE_HOST, port: config.STORE_PORT });
    return { addresses: { store: address } };
  },
});
