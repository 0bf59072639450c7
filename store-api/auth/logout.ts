import Type from 'typebox';
import { endSessions } from '../../db/queries/sessions.ts';
import { callerOf, EVERYBODY, SIGNED_IN } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { RefreshToken } from './forms.ts';

const Logout = Type.Object({ refreshToken: RefreshToken }, { additionalProperties: false });
const Nothing = Type.Null({ description: 'Done, or there was nothing to do.' });

export function logoutRoute(app: StoreApp, { sessions }: StoreServices): void {
  app.post(
    '/auth/logout',
    {
      // Whoever has the refresh token may end its session, also when the access token is over.
      config: { access: EVERYBODY, idempotency: 'none' },
      schema: {
        summary: 'Ends the session of a refresh token',
        description: 'Its refresh tokens are void at once; an access token lasts for the rest of its fifteen minutes.',
        tags: ['identity'],
        body: Logout,
        response: { 204: Nothing, 400: Problem },
      },
    },
    async (request, reply) => {
      await sessions.end(request.body.refreshToken);
      return reply.code(204).send(null);
    },
  );
}

export function logoutEverywhereRoute(app: StoreApp, { database, clock }: StoreServices): void {
  app.post(
    '/auth/logout-everywhere',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'Ends all sessions of the account',
        tags: ['identity'],
        response: { 204: Nothing, 401: Problem },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      await endSessions(database, { userId, by: 'logout', now: new Date(clock.now()) });
      return reply.code(204).send(null);
    },
  );
}
