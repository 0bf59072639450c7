import Type from 'typebox';
import { EVERYBODY } from './plugins/access.ts';
import type { StoreApp, StoreServices } from './services.ts';

const config = { access: EVERYBODY };

const Readiness = Type.Object({
  ready: Type.Boolean(),
  checks: Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean(), reason: Type.Optional(Type.String()) })),
});

export function healthRoutes(app: StoreApp, { readiness }: StoreServices): void {
  const alive = { summary: 'Whether the process lives', response: { 200: Type.Object({ alive: Type.Boolean() }) } };
  app.get('/health', { config, schema: alive }, async () => ({ alive: true }));
  const ready = { summary: 'Whether it can work, and what is missing', response: { 200: Readiness, 503: Readiness } };
  app.get('/ready', { config, schema: ready }, async (_request, reply) => {
    const report = await readiness();
    return reply.code(report.ready ? 200 : 503).send({ ready: report.ready, checks: [...report.checks] });
  });
}
