import { planParcels } from '../../commerce/fulfilment/plan-parcels.ts';
import { lockDropStock, packDropOrder } from '../../db/queries/shipments/drop-parcels.ts';
import { findShipments } from '../../db/queries/shipments/find-shipments.ts';
import { type LockedOrder, lockOrder } from '../../db/queries/shipments/lock-order.ts';
import { openShipments } from '../../db/queries/shipments/open-shipments.ts';
import { copyDefaultAddress, findOrderAddress } from '../../db/queries/shipments/order-address.ts';
import { orderStep } from '../../db/queries/shipments/order-step.ts';
import { findSellerOrders, type SellerOrder } from '../../db/queries/shipments/seller-orders.ts';
import { stepOrders } from '../../db/queries/step-orders.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { doingOf, recordOrderAct } from './acts.ts';
import { ById, SellerOrderAnswer } from './schemas.ts';
import { shownOrder } from './show.ts';

export function processOrderRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/seller/orders/:id/process',
    {
      config: { access: sellers('orders'), idempotency: 'own' },
      schema: {
        summary: 'Begins to pack a confirmed order',
        description:
          'From now on its shopper can neither cancel it nor change its address. The order of a drop gets its parcels now: from the warehouses that the drop drew from, to the default address of its shopper unless the order has one.',
        tags: ['fulfilment'],
        params: ById,
        response: { 200: SellerOrderAnswer, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        const { id } = request.params;
        const caller = callerOf(request);
        const merchantId = merchantOf(caller);
        const [mine] = await findSellerOrders(client, [id], merchantId);
        const order = mine === undefined ? undefined : await lockOrder(client, id);
        if (mine === undefined || order === undefined) throw new Refusal('NOT_FOUND');
        // In an order of several merchants another one may have begun; there is nothing more to do then.
        if (order.status !== 'PROCESSING') {
          await pack(client, order, mine);
          const doing = doingOf(services, caller, 'being packed');
          await stepOrders(client, [orderStep(order, 'CONFIRMED', 'PROCESSING', doing)]);
          const act = { action: 'order.processed', subjectKind: 'order', subjectId: id } as const;
          await recordOrderAct(client, services, caller, act);
        }
        const parcels = await findShipments(client, [id], merchantId);
        return { status: 200, body: shownOrder({ ...mine, status: 'PROCESSING' }, parcels) };
      }),
  );
}

async function pack(client: DatabaseClient, order: LockedOrder, mine: SellerOrder): Promise<void> {
  if (order.status !== 'CONFIRMED') {
    const detail = `The order is ${order.status}; only one that is CONFIRMED can be packed.`;
    throw new Refusal('STEP_REFUSED', { detail });
  }
  if (order.source === 'drop') await packForDrop(client, order, mine);
  else await openShipments(client, [order.orderId]);
}

/** From what the drop drew from its shelves, in as few parcels as possible. */
async function packForDrop(client: DatabaseClient, order: LockedOrder, { items }: SellerOrder): Promise<void> {
  const { orderId, dropId, dropMerchantId: merchantId, shopperId } = order;
  if (dropId === null || merchantId === null) throw new Refusal('NOT_FOUND');
  const address = await findOrderAddress(client, orderId);
  const destination = address ?? (await copyDefaultAddress(client, orderId, shopperId));
  if (destination === undefined) {
    const detail = 'Its shopper has no default address. They can give one by PUT /orders/{id}/address.';
    throw new Refusal('ADDRESS_MISSING', { detail });
  }
  const skus = items.map(({ sku }) => sku);
  const stock = await lockDropStock(client, dropId, skus);
  const warehouses = new Map(stock.map(({ warehouseId: id, ...place }) => [id, { id, ...place }]));
  const lines = items.map(({ line, sku, quantity }) => ({ line, sku, quantity, merchantId }));
  const plan = planParcels({ lines, stock, warehouses: [...warehouses.values()], destination });
  if (!plan.ok) {
    const short = plan.short.map(({ sku, asked, available }) => `${sku}: ${asked} needed, ${available} there`);
    throw new Refusal('STOCK_MISSING', { detail: `What the drop drew from its shelves: ${short.join('; ')}.` });
  }
  await packDropOrder(client, { orderId, dropId, merchantId }, plan.parts);
}
