/** The store put together: plugins first, then every route. */
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { LogController } from 'fastify';
import { LIMITS } from '../contracts/limits.ts';
import { createGuests } from './auth/guests.ts';
import { createPasswords } from './auth/passwords.ts';
import { createSessions } from './auth/sessions.ts';
import { createCatalog } from './caching/catalog.ts';
import { cartRoutes } from './cart/routes.ts';
import { CATALOG_ROUTES } from './catalog-routes.ts';
import { getDropRoute } from './drops/get.ts';
import { listDropsRoute } from './drops/list.ts';
import { listEntrantsRoute } from './fairness/entrants.ts';
import { getFairnessRoute } from './fairness/get.ts';
import { healthRoutes } from './health.ts';
import { IDENTITY_ROUTES } from './identity-routes.ts';
import { getOrderRoute } from './orders/get.ts';
import { webhookRoute } from './payments/webhook.ts';
import { EVERYBODY, installAccess } from './plugins/access.ts';
import { installJson } from './plugins/json.ts';
import { installProblems } from './plugins/problems.ts';
import { createRateLimits, limitAccounts, limitAddresses } from './plugins/rate-limits.ts';
import { installWeb, requestIdOf, type StoreWeb, WEB_DEFAULTS } from './plugins/web.ts';
import { promotionRoutes } from './promotions/routes.ts';
import { createPostgresEngine } from './search/postgres/engine.ts';
import { SEARCH_ROUTES } from './search/routes.ts';
import type { StoreApp, StoreOptions, StoreServices } from './services.ts';

const ROUTES = [
  ...IDENTITY_ROUTES,
  ...[listDropsRoute, getDropRoute, getFairnessRoute, listEntrantsRoute, getOrderRoute],
  webhookRoute,
  ...SEARCH_ROUTES,
  ...CATALOG_ROUTES,
  ...[cartRoutes, promotionRoutes],
] as const;

export async function createStore(options: StoreOptions): Promise<StoreApp> {
  const { log, web: given, ...parts } = options;
  const web = { ...WEB_DEFAULTS, ...given };
  const catalog = parts.catalog ?? createCatalog({ ...parts, log, hearsChanges: () => false });
  const search = parts.search ?? createPostgresEngine(parts.database);
  const services: StoreServices = { ...parts, catalog, search, ...identityOf(options, web) };
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LIMITS.httpBodyBytes,
    // A stop waits for the answers under way, not for connections that are merely kept open.
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    // What a form does not have is refused, not dropped: a misspelt field would otherwise be lost in silence.
    ajv: { customOptions: { removeAdditional: false } },
    trustProxy: web.trustedProxies.length === 0 ? false : [...web.trustedProxies],
    genReqId: ({ headers }) => requestIdOf(headers, services.nextId),
    // A client that does not come to the end of its request holds a connection for no longer than this.
    requestTimeout: LIMITS.storeRequestMs,
  }).withTypeProvider<TypeBoxTypeProvider>();
  installProblems(app);
  installJson(app);
  await installWeb(app, web);
  limitAddresses(app, services.limits);
  installAccess(app, services.accessTokens);
  limitAccounts(app, services.limits);
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

function identityOf(options: StoreOptions, { unlimited }: StoreWeb) {
  return {
    guests: options.guests ?? createGuests(options.log),
    passwords: createPasswords(),
    sessions: createSessions(options),
    limits: createRateLimits({ ...options, unlimited }),
  };
}
