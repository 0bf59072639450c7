import { findUser, type StoredUser, type UserStatus } from '../../db/queries/find-user.ts';
import { endSessions } from '../../db/queries/sessions.ts';
import { updateUser } from '../../db/queries/write-user.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { Person, personOf } from '../me/profile.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById, Reason } from './forms.ts';
import { actPrivileged } from './privileged.ts';

export function blockUserRoute(app: StoreApp, services: StoreServices): void {
  statusRoute(app, services, {
    url: '/users/:id/block',
    action: 'user.blocked',
    status: 'blocked',
    summary: 'Blocks an account and ends its sessions',
  });
}

export function unblockUserRoute(app: StoreApp, services: StoreServices): void {
  statusRoute(app, services, {
    url: '/users/:id/unblock',
    action: 'user.unblocked',
    status: 'active',
    summary: 'Lets a blocked account sign in again',
  });
}

interface StatusChange {
  readonly url: '/users/:id/block' | '/users/:id/unblock';
  readonly action: string;
  readonly status: UserStatus;
  readonly summary: string;
}

function statusRoute(app: StoreApp, services: StoreServices, { url, action, status, summary }: StatusChange): void {
  app.put(
    url,
    {
      config: { access: onlyFor('admin', 'support') },
      schema: {
        summary,
        description: 'Support may do so with shoppers only. Nobody may with themselves.',
        tags: ['users'],
        params: ById,
        body: Reason,
        response: { 200: Person, 400: Problem, 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const act = { action, subjectKind: 'user', subjectId: id, detail: request.body };
      const user = await actPrivileged(services, caller, act, async (client) => {
        await refuseUnlessMay(client, caller, id);
        const changed = await updateUser(client, id, { status });
        if (changed === undefined) throw new Refusal('NOT_FOUND');
        if (status === 'blocked') {
          await endSessions(client, { userId: id, by: 'blocked', now: new Date(services.clock.now()) });
        }
        return changed;
      });
      return personOf(user);
    },
  );
}

/** The one who is acted on, where that is allowed. */
export async function refuseUnlessMay(client: DatabaseClient, caller: Identity, id: string): Promise<StoredUser> {
  if (id === caller.userId) throw new Refusal('FORBIDDEN', { detail: 'Not to oneself.' });
  const subject = await findUser(client, id);
  if (subject === undefined || subject.status === 'erased') throw new Refusal('NOT_FOUND');
  if (caller.role === 'support' && subject.role !== 'shopper') throw new Refusal('FORBIDDEN');
  return subject;
}
