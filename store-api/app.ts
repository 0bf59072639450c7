/** The store put together: plugins first, then every route. */
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { LogController } from 'fastify';
import { LIMITS } from '../contracts/limits.ts';
import type { Logger } from '../platform/logging/logger.ts';
import { guestRoute } from './auth/guest.ts';
import { getDropRoute } from './drops/get.ts';
import { listDropsRoute } from './drops/list.ts';
import { listEntrantsRoute } from './fairness/entrants.ts';
import { getFairnessRoute } from './fairness/get.ts';
import { healthRoutes } from './health.ts';
import { getOrderRoute } from './orders/get.ts';
import { webhookRoute } from './payments/webhook.ts';
import { EVERYBODY, installAccess } from './plugins/access.ts';
import { installProblems } from './plugins/problems.ts';
import type { StoreApp, StoreServices } from './services.ts';

const ROUTES = [
  ...[guestRoute, listDropsRoute, getDropRoute, getFairnessRoute, listEntrantsRoute, getOrderRoute],
  webhookRoute,
] as const;

export async function createStore(options: StoreServices & { readonly log: Logger }): Promise<StoreApp> {
  const { log, ...services } = options;
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LIMITS.httpBodyBytes,
    // A stop waits for the answers under way, not for connections that are merely kept open.
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  }).withTypeProvider<TypeBoxTypeProvider>();
  installProblems(app);
  installAccess(app, services.accessTokens);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Dropgate store', version: '1' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
  });
  healthRoutes(app, services);
  await app.register(
    (api: StoreApp, _options, done) => {
      for (const route of ROUTES) route(api, services);
      done();
    },
    { prefix: '/api/v1' },
  );
  app.get('/openapi.json', { config: { access: EVERYBODY }, schema: { hide: true } }, () => app.swagger());
  return app;
}
