import Type from 'typebox';
import { ensureMerchant } from '../../db/queries/merchants/merchants.ts';
import { endSessions } from '../../db/queries/sessions.ts';
import { updateUser } from '../../db/queries/write-user.ts';
import { Person, personOf } from '../me/profile.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { refuseUnlessMay } from './block.ts';
import { ById, RoleName } from './forms.ts';
import { actPrivileged } from './privileged.ts';

export function changeRoleRoute(app: StoreApp, services: StoreServices): void {
  app.put(
    '/users/:id/role',
    {
      config: { access: onlyFor('admin') },
      schema: {
        summary: 'Gives somebody else another role',
        description: 'Their sessions end, so that no token with the old role is refreshed.',
        tags: ['users'],
        params: ById,
        body: Type.Object({ role: RoleName }, { additionalProperties: false }),
        response: { 200: Person, 400: Problem, 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const [{ id }, { role }] = [request.params, request.body];
      const act = { action: 'user.role-changed', subjectKind: 'user', subjectId: id, detail: { role } };
      const user = await actPrivileged(services, caller, act, async (client) => {
        await refuseUnlessMay(client, caller, id);
        const changed = await updateUser(client, id, { role });
        if (changed === undefined) throw new Refusal('NOT_FOUND');
        if (role === 'merchant') await ensureMerchant(client, id, caller.userId);
        await endSessions(client, { userId: id, by: 'revoked', now: new Date(services.clock.now()) });
        return changed;
      });
      return personOf(user);
    },
  );
}
