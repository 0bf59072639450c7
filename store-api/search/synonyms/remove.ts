import Type from 'typebox';
import { deleteSynonym } from '../../../db/queries/search/synonyms.ts';
import { callerOf, onlyFor } from '../../plugins/access.ts';
import { Problem, Refusal } from '../../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../../services.ts';
import { actPrivileged } from '../../users/privileged.ts';
import { ById } from './schemas.ts';

export function removeSynonymRoute(app: StoreApp, services: StoreServices): void {
  app.delete(
    '/search/synonyms/:id',
    {
      config: { access: onlyFor('admin') },
      schema: {
        ...{ summary: 'Removes a group of synonyms', tags: ['search'], params: ById },
        response: { 204: Type.Null(), 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const act = { action: 'synonym.remove', subjectKind: 'synonym', subjectId: id };
      await actPrivileged(services, callerOf(request), act, async (client) => {
        if (!(await deleteSynonym(client, id))) throw new Refusal('NOT_FOUND');
      });
      return reply.code(204).send(null);
    },
  );
}
