/** One Fastify route that answers with the same bytes as a product page, and nothing around it. */
import Fastify from 'fastify';
import { joinCrew } from '../../crew/member.ts';
import type { Serve, Serving } from './notes.ts';

joinCrew<Serve, Serving>(async ({ next, report }) => {
  const { body } = await next();
  const app = Fastify();
  app.get('/product', (_request, reply) => reply.type('application/json; charset=utf-8').send(body));
  report({ t: 'serving', url: await app.listen({ host: '127.0.0.1', port: 0 }) });
});
