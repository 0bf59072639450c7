import Type from 'typebox';
import { findReturn } from '../../db/queries/returns/find-returns.ts';
import { closeReturn, receiveReturn } from '../../db/queries/returns/write-returns.ts';
import { orderStep } from '../../db/queries/shipments/order-step.ts';
import { stepOrders } from '../../db/queries/step-orders.ts';
import { restock } from '../../db/queries/stock/reserve-stock.ts';
import { doingOf, recordOrderAct } from '../fulfilment/acts.ts';
import { ById, Id } from '../fulfilment/schemas.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { giveBack } from './give-back.ts';
import { DECIDERS, lockReturn } from './lock-return.ts';
import { receivedItems } from './received-items.ts';
import { LineNumber, ReturnAnswer, shownReturn } from './schemas.ts';

const Item = Type.Object(
  {
    line: LineNumber,
    sellable: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'How much of it can be sold again.' }),
    warehouseId: Type.Optional(Type.Unsafe<string>({ ...Id, description: 'Unless given, where it was sent from.' })),
  },
  { additionalProperties: false },
);
const Body = Type.Object(
  { items: Type.Array(Item, { maxItems: 200, description: 'What is not named cannot be sold again.' }) },
  { additionalProperties: false },
);

export function receiveReturnRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/returns/:id/receive',
    {
      config: { access: DECIDERS, idempotency: 'own' },
      schema: {
        summary: 'It has come back: what can be sold again lies on its shelf, the money is on its way',
        tags: ['returns'],
        params: ById,
        body: Body,
        response: { 200: ReturnAnswer, 400: Problem, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        const caller = callerOf(request);
        const { id } = request.params;
        const { order, wanted } = await lockReturn(client, id, caller, 'APPROVED');
        const { orderId } = order;
        const items = await receivedItems(client, wanted, request.body.items);
        const { refundId, isForSupport } = await giveBack(client, services, wanted, caller);
        const doing = doingOf(services, caller, 'return received');
        await receiveReturn(client, id, { items, refundId, nowMs: doing.nowMs });
        const back = items.flatMap(({ sku, warehouseId, restocked: quantity }) =>
          quantity === 0 ? [] : [{ sku, warehouseId, quantity, reason: 'returned', orderId, actorId: caller.userId }],
        );
        await restock(client, back);
        if (order.status === 'RETURN_APPROVED') {
          await stepOrders(client, [orderStep(order, 'RETURN_APPROVED', 'RETURN_RECEIVED', doing)]);
        }
        if (refundId === null && !isForSupport) {
          await closeReturn(client, id, doing.nowMs);
          // Only where this return moved the order: one that was returned in part before is REFUNDED already.
          await stepOrders(client, [orderStep(order, 'RETURN_RECEIVED', 'REFUNDED', doing)]);
        }
        await recordOrderAct(client, services, caller, {
          ...{ action: 'return.received', subjectKind: 'return', subjectId: id },
          detail: { orderId, refundId, restocked: back.reduce((sum, { quantity }) => sum + quantity, 0) },
        });
        const received = await findReturn(client, id);
        if (received === undefined) throw new Refusal('INTERNAL');
        return { status: 200, body: shownReturn(received) };
      }),
  );
}
