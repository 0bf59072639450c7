import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { endSessions, listSessions } from '../../db/queries/sessions.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';

const Session = Type.Object({
  id: Type.String(),
  client: Type.String({ description: 'What the browser or app called itself at the sign-in.' }),
  address: Type.String(),
  createdAt: Type.Integer(),
  usedAt: Type.Integer(),
  expiresAt: Type.Integer(),
  isThis: Type.Boolean(),
});

export function listSessionsRoute(app: StoreApp, { database, clock }: StoreServices): void {
  app.get(
    '/me/sessions',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'Where one is signed in',
        tags: ['identity'],
        response: { 200: Type.Object({ items: Type.Array(Session), nextCursor: Type.Null() }), 401: Problem },
      },
    },
    async (request) => {
      const { userId, sessionId } = callerOf(request);
      const found = await listSessions(database, userId, new Date(clock.now()));
      const items = found.map(({ id, client, address, createdAt, usedAt, expiresAt }) => ({
        ...{ id, client, address, isThis: id === sessionId },
        ...{ createdAt: createdAt.getTime(), usedAt: usedAt.getTime(), expiresAt: expiresAt.getTime() },
      }));
      return { items, nextCursor: null };
    },
  );
}

export function endSessionRoute(app: StoreApp, { database, clock }: StoreServices): void {
  app.delete(
    '/me/sessions/:id',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'Signs out somewhere else',
        tags: ['identity'],
        params: Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) }),
        response: { 204: Type.Null(), 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const ended = { userId: callerOf(request).userId, only: request.params.id, now: new Date(clock.now()) };
      const count = await endSessions(database, { ...ended, by: 'revoked' });
      return count === 0 ? refuse(reply, 'NOT_FOUND') : reply.code(204).send(null);
    },
  );
}
