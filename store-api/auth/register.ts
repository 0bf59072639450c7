import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { insertUser } from '../../db/queries/write-user.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { clientOf, Email, GuestToken, Password, PersonName, TokensAnswer, takeOverGuest } from './forms.ts';
import { whyWeak } from './password-rules.ts';

const Registration = Type.Object(
  { email: Email, password: Password, name: Type.Optional(PersonName), guestToken: Type.Optional(GuestToken) },
  { additionalProperties: false },
);

export function registerRoute(app: StoreApp, services: StoreServices): void {
  const { database, passwords, sessions, limits, nextId } = services;
  app.post(
    '/auth/register',
    {
      config: { access: EVERYBODY, idempotency: 'none' },
      schema: {
        summary: 'A new account, signed in',
        tags: ['identity'],
        body: Registration,
        response: { 201: TokensAnswer, 400: Problem, 409: Problem, 422: Problem, 429: Problem },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { email, password, name = '', guestToken } = request.body;
      if (!limits.isUnlimited(request)) {
        await limits.take('register', limits.addressOf(request), LIMITS.loginsPerAddress, LIMITS.loginCost);
      }
      const why = whyWeak(password, email);
      if (why !== undefined) return refuse(reply, 'PASSWORD_WEAK', why);
      const passwordHash = await passwords.hash(password);
      const user = await insertUser(database, { id: nextId(), email, passwordHash, name });
      if (user === undefined) return refuse(reply, 'EMAIL_TAKEN');
      const tokens = await sessions.open(user, clientOf(services, request));
      await takeOverGuest(services, user.id, guestToken);
      return reply.code(201).send(tokens);
    },
  );
}
