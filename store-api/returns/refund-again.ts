import { findReturn } from '../../db/queries/returns/find-returns.ts';
import { closeReturn, isRefundRefused, replaceRefund } from '../../db/queries/returns/write-returns.ts';
import { orderStep } from '../../db/queries/shipments/order-step.ts';
import { stepOrders } from '../../db/queries/step-orders.ts';
import { doingOf, recordOrderAct } from '../fulfilment/acts.ts';
import { ById } from '../fulfilment/schemas.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { giveBack } from './give-back.ts';
import { lockReturn } from './lock-return.ts';
import { ReturnAnswer, shownReturn } from './schemas.ts';

export function refundAgainRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/returns/:id/refund',
    {
      config: { access: onlyFor('support', 'admin'), idempotency: 'own' },
      schema: {
        summary: 'Asks for the refund of a return: of one that was paid in cash, or once more after it was refused',
        tags: ['returns'],
        params: ById,
        response: { 200: ReturnAnswer, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        const caller = callerOf(request);
        const { id } = request.params;
        const { order, wanted } = await lockReturn(client, id, caller, 'RECEIVED');
        // Without one it was received by a merchant who may not give back cash.
        if (wanted.refundId !== null && !(await isRefundRefused(client, wanted.refundId))) {
          throw new Refusal('STEP_REFUSED', { detail: 'Its refund is under way; this is for one that was refused.' });
        }
        const { refundId } = await giveBack(client, services, wanted, caller);
        await replaceRefund(client, id, refundId);
        if (refundId === null) {
          // Given back by hand meanwhile.
          const doing = doingOf(services, caller, 'refunded');
          await closeReturn(client, id, doing.nowMs);
          await stepOrders(client, [orderStep(order, 'RETURN_RECEIVED', 'REFUNDED', doing)]);
        }
        await recordOrderAct(client, services, caller, {
          ...{ action: 'return.refunded-again', subjectKind: 'return', subjectId: id },
          detail: { orderId: order.orderId, refundId },
        });
        const stored = await findReturn(client, id);
        if (stored === undefined) throw new Refusal('INTERNAL');
        return { status: 200, body: shownReturn(stored) };
      }),
  );
}
