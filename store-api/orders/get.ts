import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { findOrderDetails } from '../../db/queries/store-orders/find-order-details.ts';
import { maySee } from '../fulfilment/may-see.ts';
import { callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { OrderView, Step, stepsOf, viewOfOrder } from './view.ts';

const config = { access: SIGNED_IN_OR_GUEST };
const tags = ['orders'];
const params = Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) });

/** Somebody else's order is answered like none, so that ids cannot be tried out. */
export function getOrderRoute(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/orders/:id',
    {
      config,
      schema: {
        summary: 'An order of one’s own',
        description: 'Guests see theirs by the token that they ordered with. Support sees everybody’s.',
        ...{ tags, params },
        response: { 200: OrderView, 401: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const order = await findOrderDetails(database, request.params.id);
      if (order === undefined || !maySee(callerOf(request), order)) return refuse(reply, 'NOT_FOUND');
      return viewOfOrder(order);
    },
  );
  app.get(
    '/orders/:id/history',
    {
      config,
      schema: {
        summary: 'The steps of an order of one’s own, oldest first',
        ...{ tags, params },
        response: {
          200: Type.Object({ items: Type.Array(Step), nextCursor: Type.Null() }),
          401: Problem,
          404: Problem,
        },
      },
    },
    async (request, reply) => {
      const order = await findOrderDetails(database, request.params.id);
      if (order === undefined || !maySee(callerOf(request), order)) return refuse(reply, 'NOT_FOUND');
      return { items: stepsOf(order), nextCursor: null };
    },
  );
}
