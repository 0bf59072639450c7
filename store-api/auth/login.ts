import Type from 'typebox';
import { findUserByEmail } from '../../db/queries/find-user.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { countAttempt } from './attempts.ts';
import { clientOf, Email, GuestToken, Password, TokensAnswer, takeOverGuest } from './forms.ts';

const Login = Type.Object(
  { email: Email, password: Password, guestToken: Type.Optional(GuestToken) },
  { additionalProperties: false },
);

export function loginRoute(app: StoreApp, services: StoreServices): void {
  const { database, passwords, sessions, limits } = services;
  app.post(
    '/auth/login',
    {
      config: { access: EVERYBODY, idempotency: 'none' },
      schema: {
        summary: 'Signs in',
        description: 'An unknown mail address and a wrong password are answered alike, and after the same time.',
        tags: ['identity'],
        body: Login,
        response: { 200: TokensAnswer, 400: Problem, 401: Problem, 403: Problem, 429: Problem },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { email, password, guestToken } = request.body;
      await countAttempt(limits, request, email);
      const user = await findUserByEmail(database, email);
      const isRight = await passwords.matches(user?.passwordHash, password);
      if (user === undefined || !isRight) return refuse(reply, 'WRONG_CREDENTIALS');
      // Only who knows the password learns that the account is blocked.
      if (user.status !== 'active') return refuse(reply, 'ACCOUNT_BLOCKED');
      const tokens = await sessions.open(user, clientOf(services, request));
      await takeOverGuest(services, user.id, guestToken);
      return tokens;
    },
  );
}
