import { createProviders, PAYMENT_VARIABLES } from '../commerce/payments/providers.ts';
import { createIdSource } from '../contracts/ids.ts';
import { connectPostgres, postgresCheck } from '../platform/connections/postgres.ts';
import { closeRedis, connectRedis, redisCheck } from '../platform/connections/redis.ts';
import { connectRedisCluster } from '../platform/connections/redis-cluster.ts';
import { runService } from '../platform/service.ts';
import { createAccessTokens } from '../platform/tokens/access-token.ts';
import { createStore } from './app.ts';
import { startSearchIndexer } from './search/indexer.ts';

await runService(process, {
  name: 'store',
  variables: [
    ...(['STORE_HOST', 'STORE_PORT', 'STORE_ORIGINS', 'STORE_TRUSTED_PROXIES', 'STORE_UNLIMITED'] as const),
    ...(['DATABASE_URL', 'DATABASE_POOL', 'REDIS_URL', 'REDIS_PREFIX', 'REDIS_MODE', 'AUTH_SECRET'] as const),
    ...PAYMENT_VARIABLES,
  ],
  async start({ config, log, clock, onStop, addCheck, readiness }) {
    const database = connectPostgres({ url: config.DATABASE_URL, max: config.DATABASE_POOL, name: 'store', log });
    onStop('postgres', () => database.end());
    addCheck(postgresCheck(database));
    // Without it no carts and only this process's own rate limits, but goods are shown and people sign in.
    const connect = config.REDIS_MODE === 'cluster' ? connectRedisCluster : connectRedis;
    const redis = await connect({ url: config.REDIS_URL, name: 'store', log, required: false });
    onStop('redis', () => closeRedis(redis));
    addCheck({ ...redisCheck(redis), needed: false });
    const providers = createProviders(config);
    onStop('providers', () => providers.close());
    const store = await createStore({
      providers,
      database,
      redis,
      redisPrefix: config.REDIS_PREFIX,
      accessTokens: createAccessTokens({ secret: config.AUTH_SECRET, clock }),
      nextId: createIdSource(clock),
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
    const indexer = startSearchIndexer({ database, log });
    onStop('search indexer', () => indexer.stop());
    const address = await store.listen({ host: config.STORE_HOST, port: config.STORE_PORT });
    return { addresses: { store: address } };
  },
});
