import { findUser } from '../../db/queries/find-user.ts';
import { Person, personOf } from '../me/profile.ts';
import type { Access } from '../plugins/access.ts';
import { callerOf } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById } from './forms.ts';
import { actPrivileged } from './privileged.ts';

const OWN_OR_STAFF: Access = { to: 'own', param: 'id', orRoles: ['admin', 'support'], guests: false };

export function getUserRoute(app: StoreApp, services: StoreServices): void {
  app.get(
    '/users/:id',
    {
      config: { access: OWN_OR_STAFF, audit: 'own' },
      schema: {
        summary: 'A person: oneself, or anybody for admin and support',
        description: 'Looking at somebody else is written down.',
        tags: ['users'],
        params: ById,
        response: { 200: Person, 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const caller = callerOf(request);
      const act = { action: 'user.read', subjectKind: 'user', subjectId: id };
      const user =
        id === caller.userId
          ? await findUser(services.database, id)
          : await actPrivileged(services, caller, act, (client) => findUser(client, id));
      return user === undefined ? refuse(reply, 'NOT_FOUND') : personOf(user);
    },
  );
}
