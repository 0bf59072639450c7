import Type from 'typebox';
import { ALL } from '../caching/catalog.ts';
import { PUBLIC_THING, tagAnswer } from '../caching/etag.ts';
import { EVERYBODY } from '../plugins/access.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { type CategoryNode, treeOf } from './tree.ts';

const Node = Type.Cyclic(
  {
    CategoryNode: Type.Object({
      id: Type.String(),
      slug: Type.String(),
      name: Type.String(),
      position: Type.Integer(),
      products: Type.Integer({ description: 'Those that are sold, in it and in all below it.' }),
      children: Type.Array(Type.Ref('CategoryNode')),
    }),
  },
  'CategoryNode',
);
const Tree = Type.Object({ items: Type.Array(Type.Unsafe<CategoryNode>(Node)) });

export function listCategoriesRoute(app: StoreApp, { catalog }: StoreServices): void {
  app.get(
    '/categories',
    {
      config: { access: EVERYBODY },
      onSend: tagAnswer,
      schema: { summary: 'All categories, as a tree', tags: ['categories'], response: { 200: Tree } },
    },
    async (_request, reply) => {
      reply.header('cache-control', PUBLIC_THING);
      return { items: treeOf((await catalog.categories.get(ALL)) ?? []) };
    },
  );
}
