import Type from 'typebox';
import { DropDefinition } from '../../contracts/drop.ts';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { publishedDefinition } from '../../db/drop-rows.ts';
import { listDrops } from '../../db/queries/list-drops.ts';
import { EVERYBODY } from '../plugins/access.ts';
import type { StoreApp, StoreServices } from '../services.ts';

const Query = Type.Object(
  {
    cursor: Type.Optional(Type.String({ pattern: UUID_V7_PATTERN, description: 'nextCursor of the page before.' })),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
);

const Page = Type.Object({
  items: Type.Array(DropDefinition),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});

export function listDropsRoute(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/drops',
    {
      config: { access: EVERYBODY },
      schema: {
        summary: 'Drops that shoppers may know of, the newest first',
        tags: ['drops'],
        querystring: Query,
        response: { 200: Page },
      },
    },
    async ({ query: { cursor, limit } }) => {
      const found = await listDrops(database, {
        states: ['scheduled', 'paused', 'ended'],
        limit: limit + 1,
        ...(cursor === undefined ? {} : { before: cursor }),
      });
      const items = found.slice(0, limit).flatMap((drop) => publishedDefinition(drop) ?? []);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
}
