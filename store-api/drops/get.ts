import Type from 'typebox';
import { DropDefinition } from '../../contracts/drop.ts';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { publishedDefinition } from '../../db/drop-rows.ts';
import { findDrop } from '../../db/queries/find-drop.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';

export function getDropRoute(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/drops/:id',
    {
      config: { access: EVERYBODY },
      schema: {
        summary: 'One drop',
        tags: ['drops'],
        params: Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) }),
        response: { 200: DropDefinition, 404: Problem },
      },
    },
    async (request, reply) => {
      const stored = await findDrop(database, request.params.id);
      const drop = stored === undefined ? undefined : publishedDefinition(stored);
      return drop ?? refuse(reply, 'DROP_NOT_FOUND');
    },
  );
}
