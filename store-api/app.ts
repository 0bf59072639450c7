/** The store put together: plugins first, then every route. */
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { LogController } from 'fastify';
import { LIMITS } from '../contracts/limits.ts';
import { guestRoute } from './auth/guest.ts';
import { createGuests } from './auth/guests.ts';
import { createCatalog } from './caching/catalog.ts';
import { getDropRoute } from './drops/get.ts';
import { listDropsRoute } from './drops/list.ts';
import { listEntrantsRoute } from './fairness/entrants.ts';
import { getFairnessRoute } from './fairness/get.ts';
import { healthRoutes } from './health.ts';
import { getOrderRoute } from './orders/get.ts';
import { webhookRoute } from './payments/webhook.ts';
import { EVERYBODY, installAccess } from './plugins/access.ts';
import { installJson } from './plugins/json.ts';
import { installProblems } from './plugins/problems.ts';
import { installWeb, requestIdOf, WEB_DEFAULTS } from './plugins/web.ts';
import type { StoreApp, StoreOptions, StoreServices } from './services.ts';

const ROUTES = [
  ...[guestRoute, listDropsRoute, getDropRoute, getFairnessRoute, listEntrantsRoute, getOrderRoute],
  webhookRoute,
] as const;

export async function createStore(options: StoreOptions): Promise<StoreApp> {
  const { log, web: given, ...parts } = options;
  const catalog = parts.catalog ?? createCatalog({ ...parts, log, hearsChanges: () => false });
  const services: StoreServices = { ...parts, catalog, guests: createGuests(log) };
  const web = { ...WEB_DEFAULTS, ...given };
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LIMITS.httpBodyBytes,
    // A stop waits for the answers under way, not for connections that are merely kept open.
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    trustProxy: web.trustedProxies.length === 0 ? false : [...web.trustedProxies],
    genReqId: ({ headers }) => requestIdOf(headers, services.nextId),
    // A client that does not come to the end of its request holds a connection for no longer than this.
    requestTimeout: LIMITS.storeRequestMs,
  }).withTypeProvider<TypeBoxTypeProvider>();
  installProblems(app);
  installJson(app);
  await installWeb(app, web);
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
