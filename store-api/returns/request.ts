import Type from 'typebox';
import { returnAmount } from '../../commerce/returns/return-amounts.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { findReturn, returnsOfOrder } from '../../db/queries/returns/find-returns.ts';
import { type ReturnableLine, returnableLines } from '../../db/queries/returns/returnable-lines.ts';
import { insertReturn } from '../../db/queries/returns/write-returns.ts';
import { findShipments } from '../../db/queries/shipments/find-shipments.ts';
import { type LockedOrder, lockOrder } from '../../db/queries/shipments/lock-order.ts';
import { orderStep } from '../../db/queries/shipments/order-step.ts';
import { stepOrders } from '../../db/queries/step-orders.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { doingOf } from '../fulfilment/acts.ts';
import { ById } from '../fulfilment/schemas.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { LineNumber, ReturnAnswer, shownReturn, Words } from './schemas.ts';

const Item = Type.Object(
  { line: LineNumber, quantity: Type.Integer({ minimum: 1, maximum: LIMITS.unitsPerSku }) },
  { additionalProperties: false },
);
const Body = Type.Object(
  { items: Type.Array(Item, { minItems: 1, maxItems: 200 }), reason: Words(1) },
  { additionalProperties: false },
);
type Asked = readonly Type.Static<typeof Item>[];

export function requestReturnRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/orders/:id/returns',
    {
      config: { access: SIGNED_IN_OR_GUEST, idempotency: 'own' },
      schema: {
        summary: 'Asks to give back what was delivered, all of it or some',
        description:
          'Within 30 days after the last parcel arrived. One return of an order at a time; what is left can be returned after it.',
        tags: ['returns'],
        params: ById,
        body: Body,
        response: { 201: ReturnAnswer, 400: Problem, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        const caller = callerOf(request);
        const order = await lockOrder(client, request.params.id);
        if (order === undefined || order.shopperId !== caller.userId) throw new Refusal('NOT_FOUND');
        const { orderId } = order;
        const nowMs = services.clock.now();
        await refuseUnlessDelivered(client, order, nowMs);
        const { items, merchantId } = priced(request.body.items, await returnableLines(client, orderId));
        const id = services.nextId();
        await insertReturn(client, { id, orderId, merchantId, reason: request.body.reason, nowMs, items });
        if (order.status === 'DELIVERED') {
          const doing = doingOf(services, caller, 'return requested');
          await stepOrders(client, [orderStep(order, 'DELIVERED', 'RETURN_REQUESTED', doing)]);
        }
        const made = await findReturn(client, id);
        if (made === undefined) throw new Refusal('INTERNAL');
        const location = `/api/v1/returns/${id}`;
        return { status: 201, body: shownReturn(made), headers: { location } };
      }),
  );
}

async function refuseUnlessDelivered(client: DatabaseClient, order: LockedOrder, nowMs: number): Promise<void> {
  const { orderId, status } = order;
  const earlier = await returnsOfOrder(client, orderId, LIMITS.returnsPerOrder);
  if (earlier.some(({ status }) => status !== 'DECLINED' && status !== 'REFUNDED')) throw new Refusal('RETURN_OPEN');
  if (earlier.length >= LIMITS.returnsPerOrder) throw new Refusal('TOO_MANY');
  // After a return of a part the order is REFUNDED, and stays it: the rest can come back all the same.
  const isReturnedInPart = status === 'REFUNDED' && earlier.some((one) => one.status === 'REFUNDED');
  if (status === 'COMPLETED') throw new Refusal('RETURN_TOO_LATE');
  if (status !== 'DELIVERED' && !isReturnedInPart) {
    const detail = `The order is ${status}; only what is DELIVERED can be returned.`;
    throw new Refusal('STEP_REFUSED', { detail });
  }
  const parcels = await findShipments(client, [orderId]);
  const arrivedMs = Math.max(0, ...parcels.map(({ deliveredAtMs }) => deliveredAtMs ?? 0));
  const untilMs = arrivedMs + LIFETIMES.returnWindowMs;
  if (nowMs > untilMs) {
    const detail = `It could be returned until ${new Date(untilMs).toISOString()}.`;
    throw new Refusal('RETURN_TOO_LATE', { detail });
  }
}

/** What is given back for it is fixed now, whatever else of the order comes back later. */
function priced(asked: Asked, lines: readonly ReturnableLine[]) {
  if (new Set(asked.map(({ line }) => line)).size !== asked.length) {
    throw new Refusal('INVALID', { detail: 'A line is named twice.' });
  }
  const chosen = asked.map(({ line, quantity }) => {
    const found = lines.find((one) => one.line === line);
    if (found === undefined) throw new Refusal('INVALID', { detail: `The order has no line ${line}.` });
    const most = found.quantity - found.returned;
    if (quantity > most) throw new Refusal('RETURN_TOO_MUCH', { detail: `Of line ${line} at most ${most}.` });
    const amountMinor = returnAmount(found, found.returned, quantity);
    return { line, sku: found.sku, quantity, amountMinor, merchantId: found.merchantId };
  });
  const merchants = new Set(chosen.map(({ merchantId }) => merchantId));
  const items = chosen.map(({ merchantId: _merchant, ...item }) => item);
  return { items, merchantId: merchants.size === 1 ? (chosen[0]?.merchantId ?? null) : null };
}
