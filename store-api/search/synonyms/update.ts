import { updateSynonym } from '../../../db/queries/search/synonyms.ts';
import { callerOf, onlyFor } from '../../plugins/access.ts';
import { Problem, Refusal } from '../../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../../services.ts';
import { actPrivileged } from '../../users/privileged.ts';
import { ById, Synonym, shown, Terms } from './schemas.ts';

export function updateSynonymRoute(app: StoreApp, services: StoreServices): void {
  app.put(
    '/search/synonyms/:id',
    {
      config: { access: onlyFor('admin') },
      schema: {
        ...{ summary: 'Replaces the terms of a group of synonyms', tags: ['search'], params: ById, body: Terms },
        response: { 200: Synonym, 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async (request) => {
      const { id } = request.params;
      const act = { action: 'synonym.update', subjectKind: 'synonym', subjectId: id };
      return await actPrivileged(services, callerOf(request), act, async (client) => {
        const changed = await updateSynonym(client, id, request.body.terms);
        // Two terms that are one once folded are as if the group were not there.
        if (changed === undefined) throw new Refusal('NOT_FOUND');
        return shown(changed);
      });
    },
  );
}
