import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { noteView } from '../../db/queries/search/note-view.ts';
import { callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import { noteInSession } from '../recommendations/session.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { uuid } from './schemas.ts';

const From = Type.Union(
  [Type.Literal('search'), Type.Literal('list'), Type.Literal('recommendation'), Type.Literal('link')],
  { default: 'link', description: 'What led the shopper there.' },
);

export function noteViewRoute(app: StoreApp, services: StoreServices): void {
  const { database, catalog, figures } = services;
  app.post(
    '/search/views',
    {
      config: { access: SIGNED_IN_OR_GUEST },
      schema: {
        summary: 'Tells that the shopper looked at a product: it is counted, and theirs come earlier in their searches',
        description: 'Pages tell it, as the answers about products are kept by caches. Of a guest it is only counted.',
        tags: ['search'],
        body: Type.Object({ productId: uuid(), from: Type.Optional(From) }, { additionalProperties: false }),
        response: { 204: Type.Null(), 401: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const { userId: subjectId, kind } = callerOf(request);
      const { productId, from = 'link' } = request.body;
      const isThere =
        kind === 'user'
          ? await noteView(database, subjectId, productId, LIMITS.productViewsKept)
          : (await catalog.products.get(productId))?.status === 'active';
      if (!isThere) return refuse(reply, 'NOT_FOUND');
      noteInSession(services, subjectId, productId);
      figures.note('product.viewed', { productId, from }, { subjectId });
      return reply.code(204).send(null);
    },
  );
}
