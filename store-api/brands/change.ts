import Type from 'typebox';
import { deleteBrand, insertBrand, updateBrand } from '../../db/queries/brands.ts';
import { changeCatalog, recordPrivileged } from '../caching/change.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import { ById, Line, Slug } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { Brand } from './list.ts';

const config = { access: onlyFor('admin') };
const tags = ['brands'];
const refusals = { 400: Problem, 404: Problem, 409: Problem };
const Body = Type.Object({ slug: Slug(), name: Line() }, { additionalProperties: false });

/** A product that is cached may show the former name of its brand for as long as it is cached. */
export function changeBrandRoutes(app: StoreApp, services: StoreServices): void {
  app.post(
    '/brands',
    { config, schema: { summary: 'A new brand', tags, body: Body, response: { 201: Brand, ...refusals } } },
    async (request, reply) => {
      const brand = { id: services.nextId(), ...request.body };
      await changeCatalog(services, async (change) => {
        await insertBrand(change.client, brand);
        const act = { action: 'brand.create', subjectKind: 'brand', subjectId: brand.id, detail: { slug: brand.slug } };
        await recordPrivileged(change, services, callerOf(request), act);
      });
      return reply.code(201).send(brand);
    },
  );

  app.put(
    '/brands/:id',
    {
      config,
      schema: { summary: 'The name of a brand', tags, params: ById, body: Body, response: { 200: Brand, ...refusals } },
    },
    async (request) => {
      const brand = { id: request.params.id, ...request.body };
      await changeCatalog(services, async (change) => {
        if (!(await updateBrand(change.client, brand))) throw new Refusal('NOT_FOUND');
        const act = { action: 'brand.update', subjectKind: 'brand', subjectId: brand.id, detail: { slug: brand.slug } };
        await recordPrivileged(change, services, callerOf(request), act);
      });
      return brand;
    },
  );

  app.delete(
    '/brands/:id',
    {
      config,
      schema: {
        summary: 'Removes a brand that no product is of',
        tags,
        params: ById,
        response: { 204: Type.Null(), ...refusals },
      },
    },
    async (request, reply) => {
      await changeCatalog(services, async (change) => {
        if (!(await deleteBrand(change.client, request.params.id))) throw new Refusal('NOT_FOUND');
        const act = { action: 'brand.remove', subjectKind: 'brand', subjectId: request.params.id, detail: {} };
        await recordPrivileged(change, services, callerOf(request), act);
      });
      return reply.code(204).send(null);
    },
  );
}
