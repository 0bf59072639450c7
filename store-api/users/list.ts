import Type from 'typebox';
import { listUsers } from '../../db/queries/list-users.ts';
import { LINE_PATTERN } from '../auth/forms.ts';
import { Person, personOf } from '../me/profile.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { Id, RoleName, StatusName } from './forms.ts';
import { actPrivileged } from './privileged.ts';

const Query = Type.Object(
  {
    email: Type.Optional(
      Type.String({ minLength: 1, maxLength: 254, pattern: LINE_PATTERN, description: 'How it begins.' }),
    ),
    role: Type.Optional(RoleName),
    status: Type.Optional(StatusName),
    cursor: Type.Optional(Id),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
);
const Page = Type.Object({ items: Type.Array(Person), nextCursor: Type.Union([Type.String(), Type.Null()]) });

export function listUsersRoute(app: StoreApp, services: StoreServices): void {
  app.get(
    '/users',
    {
      config: { access: onlyFor('admin', 'support'), audit: 'own' },
      schema: {
        summary: 'Finds people, the newest first',
        tags: ['users'],
        querystring: Query,
        response: { 200: Page, 400: Problem, 401: Problem, 403: Problem },
      },
    },
    async (request) => {
      const { cursor, limit, ...filter } = request.query;
      // By what was looked for, not what: a mail address is not for the journal.
      const act = {
        action: 'users.searched',
        subjectKind: 'users',
        subjectId: 'all',
        detail: { by: Object.keys(filter) },
      };
      const found = await actPrivileged(services, callerOf(request), act, (client) =>
        listUsers(client, { ...filter, before: cursor, limit: limit + 1 }),
      );
      const items = found.slice(0, limit).map(personOf);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
}
