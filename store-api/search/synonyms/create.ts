import { insertSynonym } from '../../../db/queries/search/synonyms.ts';
import { callerOf, onlyFor } from '../../plugins/access.ts';
import { Problem, Refusal } from '../../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../../services.ts';
import { actPrivileged } from '../../users/privileged.ts';
import { NOT_TWO, Synonym, shown, Terms } from './schemas.ts';

export function createSynonymRoute(app: StoreApp, services: StoreServices): void {
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
      const id = services.nextId();
      const act = { action: 'synonym.create', subjectKind: 'synonym', subjectId: id };
      const made = await actPrivileged(services, callerOf(request), act, async (client) => {
        const written = await insertSynonym(client, id, request.body.terms);
        if (written === undefined) throw new Refusal('INVALID', { detail: NOT_TWO });
        return written;
      });
      return reply.code(201).send(shown(made));
    },
  );
}
