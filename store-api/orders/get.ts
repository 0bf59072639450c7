import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { ORDER_STATES, type OrderState } from '../../contracts/orders/states.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';

const State = Type.Unsafe<OrderState>(Type.Union(ORDER_STATES.map((state) => Type.Literal(state))));
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const minor = Type.Integer({ minimum: 0, description: 'Minor units of the currency.' });

const Order = Type.Object({
  id: Type.String(),
  dropId: nullable(Type.String()),
  status: State,
  currency: Type.String(),
  total: minor,
  placedAt: Type.Integer(),
  holdUntil: nullable(Type.Integer()),
  items: Type.Array(
    Type.Object({ sku: Type.String(), title: Type.String(), quantity: Type.Integer(), unitPrice: minor }),
  ),
  payments: Type.Array(
    Type.Object({
      id: Type.String(),
      status: Type.String(),
      kind: nullable(Type.String()),
      amount: minor,
      refunded: minor,
      actionUrl: nullable(Type.String({ description: 'Where the payment has to be confirmed (3-D Secure).' })),
    }),
  ),
  history: Type.Array(Type.Object({ status: State, reason: Type.String(), at: Type.Integer() })),
});

export function getOrderRoute(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/orders/:id',
    {
      config: { access: SIGNED_IN_OR_GUEST },
      schema: {
        summary: 'An order of one’s own',
        tags: ['orders'],
        params: Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) }),
        response: { 200: Order, 401: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const order = await findOrder(database, request.params.id);
      // Somebody else's order is answered like none, so that ids cannot be tried out.
      if (order === undefined || order.shopperId !== userId) return refuse(reply, 'NOT_FOUND');
      return {
        id: order.id,
        dropId: order.dropId,
        status: order.status,
        currency: order.currency,
        total: order.totalMinor,
        placedAt: order.placedAtMs,
        holdUntil: order.holdUntilMs,
        items: order.items.map(({ unitPriceMinor, ...item }) => ({ ...item, unitPrice: unitPriceMinor })),
        payments: order.payments.map(({ id, status, kind, amountMinor, refundedMinor, actionUrl }) => ({
          ...{ id, status, kind, actionUrl },
          ...{ amount: amountMinor, refunded: refundedMinor },
        })),
        history: order.history.map(({ status, reason, atMs }) => ({ status, reason, at: atMs })),
      };
    },
  );
}
