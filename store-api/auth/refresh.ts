import Type from 'typebox';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { clientOf, RefreshToken, TokensAnswer } from './forms.ts';

const Refresh = Type.Object({ refreshToken: RefreshToken }, { additionalProperties: false });

export function refreshRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/auth/refresh',
    {
      config: { access: EVERYBODY, idempotency: 'none' },
      schema: {
        summary: 'New tokens for a refresh token',
        description: 'Each refresh token is good for one exchange. One that comes back later ends its whole session.',
        tags: ['identity'],
        body: Refresh,
        response: { 200: TokensAnswer, 400: Problem, 401: Problem, 403: Problem, 429: Problem },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const refreshed = await services.sessions.refresh(request.body.refreshToken, clientOf(services, request));
      switch (refreshed.outcome) {
        case 'refreshed':
          return refreshed.tokens;
        case 'blocked':
          return refuse(reply, 'ACCOUNT_BLOCKED');
        case 'reused':
          request.log.warn({ ended: refreshed.sessionId }, 'a refresh token came back: its session has been ended');
          return refuse(reply, 'UNAUTHENTICATED');
        case 'unknown':
          return refuse(reply, 'UNAUTHENTICATED');
      }
    },
  );
}
