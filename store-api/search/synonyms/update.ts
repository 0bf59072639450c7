import { updateSynonym } from '../../../db/queries/search/synonyms.ts';
import { onlyFor } from '../../plugins/access.ts';
import { Problem, refuse } from '../../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../../services.ts';
import { ById, Synonym, shown, Terms } from './schemas.ts';

export function updateSynonymRoute(app: StoreApp, { database }: StoreServices): void {
  app.put(
    '/search/synonyms/:id',
    {
      config: { access: onlyFor('admin') },
      schema: {
        ...{ summary: 'Replaces the terms of a group of synonyms', tags: ['search'], params: ById, body: Terms },
        response: { 200: Synonym, 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const changed = await updateSynonym(database, request.params.id, request.body.terms);
      // Two terms that are one once folded are as if the group were not there.
      return changed === undefined ? refuse(reply, 'NOT_FOUND') : shown(changed);
    },
  );
}
