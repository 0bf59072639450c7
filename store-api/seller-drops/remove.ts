import Type from 'typebox';
import { lockSellerDrop } from '../../db/queries/drops/seller-drops.ts';
import { removeDraft } from '../../db/queries/drops/write-drop.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById } from './forms.ts';
import { record, requireRole } from './own.ts';

export function removeDropRoute(app: StoreApp, services: StoreServices): void {
  app.delete(
    '/seller/drops/:id',
    {
      config: { access: sellers('drops'), idempotency: 'own' },
      schema: {
        summary: 'Removes a draft; a drop that was scheduled is ended instead',
        tags: ['seller drops'],
        params: ById,
        response: { 204: Type.Null(), 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id: dropId } = request.params;
      await idempotently(services, request, reply, async (client) => {
        const own = await lockSellerDrop(client, dropId, merchantOf(caller));
        if (own === undefined) throw new Refusal('DROP_NOT_FOUND');
        await requireRole(client, caller);
        if (own.drop.state !== 'draft') {
          throw new Refusal('DROP_STATE', { detail: `The drop is ${own.drop.state}; only a draft can be removed.` });
        }
        await removeDraft(client, dropId);
        await record(services, client, caller, { action: 'drop.remove', dropId }, own.drop);
        return { status: 204, body: null };
      });
      return reply;
    },
  );
}
