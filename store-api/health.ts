import Type from 'typebox';
import { EVERYBODY } from './plugins/access.ts';
import type { StoreApp, StoreServices } from './services.ts';

const config = { access: EVERYBODY };

const Readiness = Type.Object({
  ready: Type.Boolean(),
  checks: Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean(), reason: Type.Optional(Type.String()) })),
});

export function healthRoutes(app: StoreApp, { readiness }: StoreServices): void {
  app.get('/health', { config, schema: { response: { 200: Type.Object({ alive: Type.Boolean() }) } } }, async () => ({
    alive: true,
  }));
  app.get('/ready', { config, schema: { response: { 200: Readiness, 503: Readiness } } }, async (_request, reply) => {
    const report = await readiness();
    return reply.code(report.ready ? 200 : 503).send({ ready: report.ready, checks: [...report.checks] });
  });
}
