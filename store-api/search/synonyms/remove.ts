import Type from 'typebox';
import { deleteSynonym } from '../../../db/queries/search/synonyms.ts';
import { onlyFor } from '../../plugins/access.ts';
import { Problem, refuse } from '../../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../../services.ts';
import { ById } from './schemas.ts';

export function removeSynonymRoute(app: StoreApp, { database }: StoreServices): void {
  app.delete(
    '/search/synonyms/:id',
    {
      config: { access: onlyFor('admin') },
      schema: {
        ...{ summary: 'Removes a group of synonyms', tags: ['search'], params: ById },
        response: { 204: Type.Null(), 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async (request, reply) =>
      (await deleteSynonym(database, request.params.id)) ? reply.code(204).send(null) : refuse(reply, 'NOT_FOUND'),
  );
}
