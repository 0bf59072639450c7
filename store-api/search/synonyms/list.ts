import Type from 'typebox';
import { listSynonyms } from '../../../db/queries/search/synonyms.ts';
import { onlyFor } from '../../plugins/access.ts';
import { Problem } from '../../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../../services.ts';
import { uuid } from '../schemas.ts';
import { Synonym, shown } from './schemas.ts';

const Query = Type.Object(
  { cursor: Type.Optional(uuid()), limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }) },
  { additionalProperties: false },
);
const Page = Type.Object({ items: Type.Array(Synonym), nextCursor: Type.Union([Type.String(), Type.Null()]) });

export function listSynonymsRoute(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/search/synonyms',
    {
      config: { access: onlyFor('admin') },
      schema: {
        ...{ summary: 'The synonyms of the search', tags: ['search'], querystring: Query },
        response: { 200: Page, 401: Problem, 403: Problem },
      },
    },
    async ({ query: { cursor, limit } }) => {
      const found = await listSynonyms(database, { after: cursor, limit: limit + 1 });
      const items = found.slice(0, limit).map(shown);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
}
