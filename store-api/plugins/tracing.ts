import type { Tracing } from '../../platform/tracing/tracing.ts';
import type { StoreApp } from '../store-app.ts';

const FAILED_FROM = 500;

/** Each call as a step of its client's trace, by its route: what its address names is nobody else's business. */
export function installTracing(app: StoreApp, tracing: Tracing): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, headers } = request;
    const untilMs = Date.now();
    const route = routeOptions.url ?? 'nowhere';
    tracing.request(`${method} ${route}`, {
      ...{ fromMs: untilMs - reply.elapsedTime, untilMs, failed: reply.statusCode >= FAILED_FROM },
      facts: { 'http.request.method': method, 'http.route': route, 'http.response.status_code': reply.statusCode },
      traceparent: typeof headers['traceparent'] === 'string' ? headers['traceparent'] : undefined,
    });
  });
}
