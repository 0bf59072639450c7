import { stepsOfOrder } from '../../commerce/fulfilment/order-of-parcels.ts';
import { deliverParcel } from '../../db/queries/shipments/follow-parcels.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { doingOf, recordOrderAct } from './acts.ts';
import { lockParcel, movedParcel } from './lock-parcel.ts';
import { ById, MovedParcel } from './schemas.ts';

export function deliverRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/seller/shipments/:id/deliver',
    {
      config: { access: sellers('orders'), idempotency: 'own' },
      schema: {
        summary: 'A parcel has arrived, where its carrier does not tell',
        description: 'When the last parcel of an order has arrived, the order is DELIVERED. The shopper is mailed.',
        tags: ['fulfilment'],
        params: ById,
        response: { 200: MovedParcel, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        const caller = callerOf(request);
        const locked = await lockParcel(client, request.params.id, merchantOf(caller));
        const { order, parcel } = locked;
        if (parcel.status !== 'SHIPPED') {
          const detail = `The parcel is ${parcel.status}; only one that is SHIPPED can arrive.`;
          throw new Refusal('STEP_REFUSED', { detail });
        }
        const doing = doingOf(services, caller, 'all parcels have arrived');
        const atMs = doing.nowMs;
        const orderStatus = await deliverParcel(client, { ...locked, atMs, stepsOf: stepsOfOrder, doing });
        await recordOrderAct(client, services, caller, {
          ...{ action: 'shipment.delivered', subjectKind: 'shipment', subjectId: parcel.id },
          detail: { orderId: order.orderId },
        });
        const body = { orderId: order.orderId, orderStatus, parcel: await movedParcel(client, parcel) };
        return { status: 200, body };
      }),
  );
}
