import { createProviders, PAYMENT_VARIABLES } from '../commerce/payments/providers.ts';
import { createIdSource } from '../contracts/ids.ts';
import { connectPostgres, postgresCheck } from '../platform/connections/postgres.ts';
import { runService } from '../platform/service.ts';
import { createAccessTokens } from '../platform/tokens/access-token.ts';
import { createStore } from './app.ts';

await runService(process, {
  name: 'store',
  variables: ['STORE_HOST', 'STORE_PORT', 'DATABASE_URL', 'DATABASE_POOL', 'AUTH_SECRET', ...PAYMENT_VARIABLES],
  async start({ config, log, clock, onStop, addCheck, readiness }) {
    const database = connectPostgres({ url: config.DATABASE_URL, max: config.DATABASE_POOL, name: 'store', log });
    onStop('postgres', () => database.end());
    addCheck(postgresCheck(database));
    const providers = createProviders(config);
    onStop('providers', () => providers.close());
    const store = await createStore({
      providers,
      database,
      accessTokens: createAccessTokens({ secret: config.AUTH_SECRET, clock }),
      nextId: createIdSource(clock),
      clock,
      readiness,
      log,
    });
    onStop('store', () => store.close());
    const address = await store.listen({ host: config.STORE_HOST, port: config.STORE_PORT });
    return { addresses: { store: address } };
  },
});
