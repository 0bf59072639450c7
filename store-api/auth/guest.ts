import Type from 'typebox';
import { EVERYBODY } from '../plugins/access.ts';
import type { StoreApp, StoreServices } from '../services.ts';

const GuestToken = Type.Object({
  accessToken: Type.String({ description: 'Send it as Authorization: Bearer, and with join to the edge.' }),
  expiresIn: Type.Integer({ description: 'Seconds.' }),
});

export function guestRoute(app: StoreApp, { accessTokens, nextId }: StoreServices): void {
  app.post(
    '/auth/guest',
    {
      config: { access: EVERYBODY, idempotency: 'none' },
      schema: {
        summary: 'An access token for a shopper without an account',
        tags: ['identity'],
        response: { 201: GuestToken },
      },
    },
    async (_request, reply) => {
      const identity = { userId: nextId(), kind: 'guest', role: 'shopper' } as const;
      const { accessToken, expiresInSeconds } = await accessTokens.issue(identity);
      return reply.code(201).header('cache-control', 'no-store').send({ accessToken, expiresIn: expiresInSeconds });
    },
  );
}
