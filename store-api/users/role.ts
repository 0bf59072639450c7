import Type from 'typebox';
import { ensureMerchant, findMerchant } from '../../db/queries/merchants/merchants.ts';
import { endSessions } from '../../db/queries/sessions.ts';
import { updateUser } from '../../db/queries/write-user.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
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
        description:
          'Their sessions end, so that no token with the old role is refreshed. Who gets the role of a merchant is let in as one.',
        tags: ['users'],
        params: ById,
        body: Type.Object({ role: RoleName }, { additionalProperties: false }),
        response: { 200: Person, 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const [{ id }, { role }] = [request.params, request.body];
      const act = { action: 'user.role-changed', subjectKind: 'user', subjectId: id, detail: { role } };
      const user = await actPrivileged(services, caller, act, async (client) => {
        await refuseUnlessMay(client, caller, id);
        if (role !== 'merchant') await refuseForSeller(client, id);
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

/** Without the role nobody would look after what they sell: a merchant is suspended, which takes their goods away too. */
async function refuseForSeller(client: DatabaseClient, id: string): Promise<void> {
  if ((await findMerchant(client, id))?.status !== 'active') return;
  throw new Refusal('STEP_REFUSED', { detail: `They sell here: POST /admin/merchants/${id}/suspend instead.` });
}
