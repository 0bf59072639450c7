/** The store put together: plugins first, then every route. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { LogController } from 'fastify';
import { createCarriers } from '../commerce/carriers/carriers.ts';
import { HYBRID_WEIGHTS } from '../commerce/recommendations/hybrid.ts';
import { LIMITS } from '../contracts/limits.ts';
import { DEFAULT_REGIONS } from '../contracts/regions.ts';
import { createPostgresAnalytics } from '../db/analytics/postgres.ts';
import { NO_OBJECTS } from '../platform/objects/no-objects.ts';
import { NOTHING_OUTGOING } from '../platform/outgoing/outgoing.ts';
import { NO_TRACING } from '../platform/tracing/tracing.ts';
import { createApiKeys } from './api-keys/keys.ts';
import { installAuditedReads } from './audit-log/reads.ts';
import { createGuests } from './auth/guests.ts';
import { createPasswords } from './auth/passwords.ts';
import { createSessions } from './auth/sessions.ts';
import { createCatalog } from './caching/catalog.ts';
import { cartRoutes } from './cart/routes.ts';
import { CATALOG_ROUTES } from './catalog-routes.ts';
import { documentRoute, installDocs } from './docs/install.ts';
import { getDropRoute } from './drops/get.ts';
import { listDropsRoute } from './drops/list.ts';
import { listEntrantsRoute } from './fairness/entrants.ts';
import { getFairnessRoute } from './fairness/get.ts';
import { NO_FIGURES } from './figures/figures.ts';
import { createFlags } from './flags/flags.ts';
import { FLAG_ROUTES } from './flags/routes.ts';
import { createFraud } from './fraud/fraud.ts';
import { healthRoutes } from './health.ts';
import { installRepeatedCalls } from './idempotency/repeated-calls.ts';
import { IDENTITY_ROUTES } from './identity-routes.ts';
import { INSIGHT_ROUTES } from './insight-routes.ts';
import { createOidc } from './oidc/oidc.ts';
import { getOrderRoute } from './orders/get.ts';
import { webhookRoute } from './payments/webhook.ts';
import { installAccess } from './plugins/access.ts';
import { refuseOtherTypes } from './plugins/bodies.ts';
import { compileWhenNeeded } from './plugins/compile-when-needed.ts';
import { installJson } from './plugins/json.ts';
import { installProblems, refuse } from './plugins/problems.ts';
import { createRateLimits, limitAccounts, limitAddresses } from './plugins/rate-limits.ts';
import { installTracing } from './plugins/tracing.ts';
import { installWeb, requestIdOf, type StoreWeb, WEB_DEFAULTS } from './plugins/web.ts';
import { NO_LOAD } from './pressure/load.ts';
import { installPriority } from './pressure/priority.ts';
import { promotionRoutes } from './promotions/routes.ts';
import { createPostgresEngine } from './search/postgres/engine.ts';
import { SEARCH_ROUTES } from './search/routes.ts';
import { SELLER_DROP_ROUTES } from './seller-drops/routes.ts';
import type { StoreApp, StoreOptions, StoreServices } from './services.ts';
import { TRADE_ROUTES } from './trade-routes.ts';

const ROUTES = [
  ...IDENTITY_ROUTES,
  ...[listDropsRoute, getDropRoute, getFairnessRoute, listEntrantsRoute, getOrderRoute],
  webhookRoute,
  ...SEARCH_ROUTES,
  ...CATALOG_ROUTES,
  ...[cartRoutes, promotionRoutes, ...FLAG_ROUTES],
  ...[...TRADE_ROUTES, ...SELLER_DROP_ROUTES, ...INSIGHT_ROUTES],
] as const;

export async function createStore(options: StoreOptions): Promise<StoreApp> {
  const { log, web: given, ...parts } = options;
  const web = { ...WEB_DEFAULTS, ...given };
  const catalog = parts.catalog ?? createCatalog({ ...parts, log, hearsChanges: () => false });
  const search = parts.search ?? createPostgresEngine(parts.database);
  const services: StoreServices = {
    ...parts,
    catalog,
    search,
    figures: parts.figures ?? NO_FIGURES,
    analytics: parts.analytics ?? createPostgresAnalytics(parts.database),
    recommendationWeights: parts.recommendationWeights ?? HYBRID_WEIGHTS,
    oidc: parts.oidc ?? createOidc({ ...parts, providers: [], publicUrl: 'http://127.0.0.1', origins: web.origins }),
    fraud: parts.fraud ?? createFraud({ ...parts, log }),
    ...identityOf(options, web),
    ...saleOf(options),
    tracing: options.tracing ?? NO_TRACING,
    ...pressureOf(options),
    outgoing: options.outgoing ?? NOTHING_OUTGOING,
  };
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LIMITS.httpBodyBytes,
    // A stop waits for the answers under way, not for connections that are merely kept open.
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    // What Fastify refuses before there is a route, such as an address that cannot be decoded.
    frameworkErrors: (_error, _request, reply) => {
      refuse(reply, 'INVALID', 'The address cannot be read.');
    },
    trustProxy: web.trustedProxies.length === 0 ? false : [...web.trustedProxies],
    genReqId: ({ headers }) => requestIdOf(headers, services.nextId),
    // A client that does not come to the end of its request holds a connection for no longer than this.
    requestTimeout: LIMITS.storeRequestMs,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.addHook('onReady', () => services.fraud.begin());
  compileWhenNeeded(app, { atStart: web.compileAtStart });
  installProblems(app);
  installJson(app);
  if (services.tracing !== NO_TRACING) installTracing(app, services.tracing);
  await installWeb(app, web);
  installPriority(app, services.load, options.pressureMetrics ?? { refused: () => undefined });
  await installDocs(app);
  limitAddresses(app, services.limits);
  installAccess(app, services.accessTokens, createApiKeys({ ...services, log }));
  limitAccounts(app, services.limits);
  refuseOtherTypes(app);
  installRepeatedCalls(app, services);
  installAuditedReads(app, services);
  healthRoutes(app, services);
  await app.register(
    (api: StoreApp, _options, done) => {
      for (const route of ROUTES) route(api, services);
      done();
    },
    { prefix: '/api/v1' },
  );
  documentRoute(app);
  return app;
}

function pressureOf({ database, load = NO_LOAD, flags }: StoreOptions) {
  return { load, flags: flags ?? createFlags({ database, load }) };
}

function saleOf({ regions = DEFAULT_REGIONS, sale }: StoreOptions) {
  return { regions, sale };
}

function identityOf(options: StoreOptions, { unlimited, countDeadlineMs: deadlineMs }: StoreWeb) {
  return {
    carriers: options.carriers ?? createCarriers({ CARRIER_SECRET: '' }),
    objects: options.objects ?? NO_OBJECTS,
    guests: options.guests ?? createGuests(options.log),
    passwords: createPasswords(),
    sessions: createSessions(options),
    limits: createRateLimits({ ...options, unlimited, deadlineMs }),
  };
}
