import { insertSynonym } from '../../../db/queries/search/synonyms.ts';
import { onlyFor } from '../../plugins/access.ts';
import { Problem, refuse } from '../../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../../services.ts';
import { NOT_TWO, Synonym, shown, Terms } from './schemas.ts';

export function createSynonymRoute(app: StoreApp, { database, nextId }: StoreServices): void {
  app.post(
    '/search/synonyms',
    {
      config: { access: onlyFor('admin') },
      schema: {
        ...{ summary: 'Adds a group of synonyms; searches know it at once', tags: ['search'], body: Terms },
        response: { 201: Synonym, 400: Problem, 401: Problem, 403: Problem },
      },
    },
    async (request, reply) => {
      const made = await insertSynonym(database, nextId(), request.body.terms);
      return made === undefined ? refuse(reply, 'INVALID', NOT_TWO) : reply.code(201).send(shown(made));
    },
  );
}
