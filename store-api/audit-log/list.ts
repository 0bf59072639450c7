import Type from 'typebox';
import { listAuditEntries } from '../../db/queries/audit-log.ts';
import { onlyFor } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { Id } from '../users/forms.ts';

const word = Type.String({ pattern: '^[A-Za-z0-9._:-]{1,100}$' });
const time = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000, description: 'Epoch milliseconds.' });
const Query = Type.Object(
  {
    actorId: Type.Optional(Id),
    action: Type.Optional(word),
    subjectKind: Type.Optional(word),
    subjectId: Type.Optional(word),
    from: Type.Optional(time),
    until: Type.Optional(time),
    cursor: Type.Optional(Id),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
);

const nullable = Type.Union([Type.String(), Type.Null()]);
const Entry = Type.Object({
  id: Type.String(),
  at: Type.Integer(),
  actorId: nullable,
  actorRole: nullable,
  action: Type.String(),
  subjectKind: Type.String(),
  subjectId: Type.String(),
  detail: Type.Record(Type.String(), Type.Unknown()),
});

export function listAuditLogRoute(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/audit-log',
    {
      config: { access: onlyFor('admin') },
      schema: {
        summary: 'Who did what with which privilege, the newest first',
        tags: ['users'],
        querystring: Query,
        response: {
          200: Type.Object({ items: Type.Array(Entry), nextCursor: nullable }),
          ...{ 400: Problem, 401: Problem, 403: Problem },
        },
      },
    },
    async (request) => {
      const { cursor, limit, from, until, ...filter } = request.query;
      const times = { from: dateOf(from), until: dateOf(until) };
      const found = await listAuditEntries(database, { ...filter, ...times, before: cursor, limit: limit + 1 });
      const items = found.slice(0, limit).map(({ at, ...entry }) => ({ ...entry, at: at.getTime() }));
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
}

function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}
