import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { noteView } from '../../db/queries/search/note-view.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { uuid } from './schemas.ts';

export function noteViewRoute(app: StoreApp, { database }: StoreServices): void {
  app.post(
    '/search/views',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'Tells that the shopper looked at a product: its category and brand come earlier in their searches',
        tags: ['search'],
        body: Type.Object({ productId: uuid() }, { additionalProperties: false }),
        response: { 204: Type.Null(), 401: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const isNoted = await noteView(database, userId, request.body.productId, LIMITS.productViewsKept);
      return isNoted ? reply.code(204).send(null) : refuse(reply, 'NOT_FOUND');
    },
  );
}
