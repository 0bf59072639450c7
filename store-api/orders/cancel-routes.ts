import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import type { OrderState } from '../../contracts/orders/states.ts';
import { findOrderDetails } from '../../db/queries/store-orders/find-order-details.ts';
import { type CancellableOrder, lockCancellable } from '../../db/queries/store-orders/lock-cancellable.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { recordOrderAct } from '../fulfilment/acts.ts';
import { maySee } from '../fulfilment/may-see.ts';
import { type Done, idempotently } from '../idempotency/idempotently.ts';
import { callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { askToCancelDropOrder, cancelStoreOrder } from './cancel-order.ts';
import { OrderView, viewOfOrder } from './view.ts';

const OPEN: ReadonlySet<OrderState> = new Set(['PENDING', 'REVIEW', 'CONFIRMED']);

export function cancelOrderRoute(app: StoreApp, services: StoreServices): void {
  app.put(
    '/orders/:id/cancel',
    {
      config: { access: SIGNED_IN_OR_GUEST, idempotency: 'own' },
      schema: {
        summary: 'Cancels an order that is not being packed yet; what was paid is given back',
        description:
          'Of an order of a drop only one that is not paid yet: it is cancelled a moment later (202). Support may do it for anybody.',
        tags: ['orders'],
        params: Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) }),
        response: { 200: OrderView, 202: OrderView, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, (client) =>
        cancel(client, services, callerOf(request), request.params.id),
      ),
  );
}

async function cancel(client: DatabaseClient, services: StoreServices, caller: Identity, id: string): Promise<Done> {
  const order = await lockCancellable(client, id);
  if (order === undefined || !maySee(caller, order)) throw new Refusal('NOT_FOUND');
  const isOver = order.status === 'CANCELLED';
  // Somebody who asks a second time has what they want.
  if (!isOver) {
    await record(client, services, caller, order);
    await (order.source === 'drop' ? askToCancelDropOrder(client, order) : cancelOpen(client, services, caller, order));
  }
  const details = await findOrderDetails(client, id);
  if (details === undefined) throw new Refusal('NOT_FOUND');
  return { status: isOver || order.source === 'store' ? 200 : 202, body: viewOfOrder(details) };
}

async function cancelOpen(
  client: DatabaseClient,
  services: StoreServices,
  caller: Identity,
  order: CancellableOrder,
): Promise<void> {
  if (!OPEN.has(order.status)) {
    throw new Refusal('NOT_CANCELLABLE', {
      detail: `The order is ${order.status}. It can be returned once it has come.`,
    });
  }
  await cancelStoreOrder(client, services, caller, order);
}

async function record(
  client: DatabaseClient,
  services: StoreServices,
  caller: Identity,
  { orderId, shopperId, status }: CancellableOrder,
): Promise<void> {
  if (caller.userId === shopperId) return;
  const act = { action: 'order.cancel', subjectKind: 'order', subjectId: orderId, detail: { from: status } } as const;
  await recordOrderAct(client, services, caller, act);
}
