import Type from 'typebox';
import { findUser } from '../../db/queries/find-user.ts';
import { endSessions } from '../../db/queries/sessions.ts';
import { updateUser } from '../../db/queries/write-user.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { countAttempt } from '../auth/attempts.ts';
import { Password } from '../auth/forms.ts';
import { whyWeak } from '../auth/password-rules.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';

const Change = Type.Object({ currentPassword: Password, newPassword: Password }, { additionalProperties: false });

export function changePasswordRoute(app: StoreApp, { database, passwords, limits, clock }: StoreServices): void {
  app.put(
    '/me/password',
    {
      config: { access: SIGNED_IN, idempotency: 'none' },
      schema: {
        summary: 'Changes one’s own password, and ends all other sessions',
        tags: ['identity'],
        body: Change,
        response: { 204: Type.Null(), 400: Problem, 401: Problem, 422: Problem, 429: Problem },
      },
    },
    async (request, reply) => {
      const { userId, sessionId } = callerOf(request);
      const { currentPassword, newPassword } = request.body;
      const user = await findUser(database, userId);
      const email = user?.email ?? userId;
      await countAttempt(limits, request, email);
      const isRight = await passwords.matches(user?.passwordHash, currentPassword);
      if (!isRight || user?.status !== 'active') return refuse(reply, 'WRONG_CREDENTIALS');
      const why = whyWeak(newPassword, email);
      if (why !== undefined) return refuse(reply, 'PASSWORD_WEAK', why);
      const passwordHash = await passwords.hash(newPassword);
      await withTransaction(database, async (client) => {
        await updateUser(client, userId, { passwordHash });
        await endSessions(client, { userId, except: sessionId, by: 'password', now: new Date(clock.now()) });
      });
      return reply.code(204).send(null);
    },
  );
}
