import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { countCategories, deleteCategory, insertCategory, updateCategory } from '../../db/queries/categories.ts';
import { ALL } from '../caching/catalog.ts';
import { changeCatalog, recordPrivileged } from '../caching/change.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import { ById, Line, Slug, Uuid } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';

const config = { access: onlyFor('admin') };
const tags = ['categories'];
const refusals = { 400: Problem, 404: Problem, 409: Problem };

const Body = Type.Object(
  {
    parentId: Type.Union([Uuid(), Type.Null()], { default: null }),
    slug: Slug(),
    name: Line(),
    position: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
  },
  { additionalProperties: false },
);
const Category = Type.Object({
  id: Type.String(),
  parentId: Type.Union([Type.String(), Type.Null()]),
  slug: Type.String(),
  name: Type.String(),
  position: Type.Integer(),
});

export function changeCategoryRoutes(app: StoreApp, services: StoreServices): void {
  app.post(
    '/categories',
    { config, schema: { summary: 'A new category', tags, body: Body, response: { 201: Category, ...refusals } } },
    async (request, reply) => {
      const { body } = request;
      const id = services.nextId();
      await changeCatalog(services, async (change) => {
        if ((await countCategories(change.client)) >= LIMITS.categories) throw new Refusal('TOO_MANY');
        await insertCategory(change.client, id, body);
        change.stale('category', ALL);
        const act = { action: 'category.create', subjectKind: 'category', subjectId: id, detail: { slug: body.slug } };
        await recordPrivileged(change, services, callerOf(request), act);
      });
      return reply.code(201).send({ id, ...body });
    },
  );

  app.put(
    '/categories/:id',
    {
      config,
      schema: {
        summary: 'A category: its name, and where in the tree it is',
        tags,
        params: ById,
        body: Body,
        response: { 200: Category, ...refusals },
      },
    },
    async (request) => {
      const { body, params } = request;
      await changeCatalog(services, async (change) => {
        if (!(await updateCategory(change.client, params.id, body))) throw new Refusal('NOT_FOUND');
        change.stale('category', ALL);
        const detail = { slug: body.slug, parentId: body.parentId };
        const act = { action: 'category.update', subjectKind: 'category', subjectId: params.id, detail };
        await recordPrivileged(change, services, callerOf(request), act);
      });
      return { id: params.id, ...body };
    },
  );

  app.delete(
    '/categories/:id',
    {
      config,
      schema: {
        summary: 'Removes a category that has nothing in it',
        tags,
        params: ById,
        response: { 204: Type.Null(), ...refusals },
      },
    },
    async (request, reply) => {
      await changeCatalog(services, async (change) => {
        if (!(await deleteCategory(change.client, request.params.id))) throw new Refusal('NOT_FOUND');
        change.stale('category', ALL);
        const act = { action: 'category.remove', subjectKind: 'category', subjectId: request.params.id, detail: {} };
        await recordPrivileged(change, services, callerOf(request), act);
      });
      return reply.code(204).send(null);
    },
  );
}
