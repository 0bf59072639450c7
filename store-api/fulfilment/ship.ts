import Type from 'typebox';
import type { Carrier } from '../../commerce/carriers/carrier.ts';
import { stepsOfOrder } from '../../commerce/fulfilment/order-of-parcels.ts';
import { noticeEvent } from '../../contracts/notices.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { takeDropUnits } from '../../db/queries/shipments/drop-parcels.ts';
import { followParcels } from '../../db/queries/shipments/follow-parcels.ts';
import { noteShipmentEvents, shipShipment } from '../../db/queries/shipments/move-shipments.ts';
import { findOrderAddress } from '../../db/queries/shipments/order-address.ts';
import { orderTitle } from '../../db/queries/shipments/order-title.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { doingOf, recordOrderAct } from './acts.ts';
import { type LockedParcel, lockParcel, movedParcel } from './lock-parcel.ts';
import { ById, MovedParcel } from './schemas.ts';

const name = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' });
const Body = Type.Object(
  {
    carrier: Type.Optional(Type.String({ ...name, default: 'house' })),
    service: Type.Optional(Type.String({ ...name, description: 'Unless given, what the shopper paid for.' })),
  },
  { additionalProperties: false },
);
const DAY_MS = 86_400_000;

export function shipRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/seller/shipments/:id/ship',
    {
      config: { access: sellers('orders'), idempotency: 'own' },
      schema: {
        summary: 'A parcel leaves: its carrier is told, it gets its tracking code',
        description: 'When the last parcel of an order has left, the order is SHIPPED. The shopper is mailed.',
        tags: ['fulfilment'],
        params: ById,
        body: Body,
        response: { 200: MovedParcel, 400: Problem, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        const caller = callerOf(request);
        const locked = await lockParcel(client, request.params.id, merchantOf(caller));
        const { order, parcel, parcels } = locked;
        refuseUnlessToShip(locked);
        const { carrier, service } = carrierOf(services, request.body, order.shippingOption);
        const { country = '' } = (await findOrderAddress(client, order.orderId)) ?? {};
        const doing = doingOf(services, caller, 'all parcels have left');
        // Before anything is written: it is the same code each time it is asked for.
        const { trackingCode } = await carrier.announce({ shipmentId: parcel.id, service, country });
        if (order.dropId !== null) {
          await takeDropUnits(client, parcel, { dropId: order.dropId, actorId: caller.userId });
        }
        const shipping = { shipmentId: parcel.id, carrier: carrier.name, service, trackingCode, atMs: doing.nowMs };
        await shipShipment(client, shipping);
        await noteShipmentEvents(client, [{ ...shipping, code: 'shipped', place: '' }]);
        const states = parcels.map(({ id, status }) => (id === parcel.id ? 'SHIPPED' : status));
        const orderStatus = await followParcels(client, order, states, { stepsOf: stepsOfOrder, doing });
        const days = carrier.expectedDays(service, country);
        await tellShipped(client, services, locked, { carrier: carrier.name, trackingCode, days });
        await recordOrderAct(client, services, caller, {
          ...{ action: 'shipment.shipped', subjectKind: 'shipment', subjectId: parcel.id },
          detail: { orderId: order.orderId, carrier: carrier.name, service },
        });
        const body = { orderId: order.orderId, orderStatus, parcel: await movedParcel(client, parcel) };
        return { status: 200, body };
      }),
  );
}

function refuseUnlessToShip({ order, parcel }: LockedParcel): void {
  const say = (detail: string) => new Refusal('STEP_REFUSED', { detail });
  if (parcel.status !== 'PENDING') throw say(`The parcel is ${parcel.status}; only one that is PENDING can leave.`);
  if (order.status === 'CONFIRMED') throw say('The order is CONFIRMED; POST /seller/orders/{id}/process comes first.');
  if (order.status !== 'PROCESSING') throw say(`The order is ${order.status}; parcels leave while it is PROCESSING.`);
}

function carrierOf(
  { carriers }: StoreServices,
  asked: Type.Static<typeof Body>,
  paidFor: string | null,
): { readonly carrier: Carrier; readonly service: string } {
  const carrier = carriers.byName(asked.carrier ?? 'house');
  if (carrier === undefined) {
    throw new Refusal('INVALID', { detail: `There is no such carrier. There are: ${carriers.names.join(', ')}.` });
  }
  const wanted = asked.service ?? (paidFor !== null && carrier.services.includes(paidFor) ? paidFor : undefined);
  const service = wanted ?? carrier.services[0];
  if (service === undefined || !carrier.services.includes(service)) {
    throw new Refusal('INVALID', { detail: `${carrier.name} has the services ${carrier.services.join(', ')}.` });
  }
  return { carrier, service };
}

async function tellShipped(
  client: DatabaseClient,
  { nextId, clock }: StoreServices,
  { order, parcel, parcels }: LockedParcel,
  sent: { readonly carrier: string; readonly trackingCode: string; readonly days: readonly [number, number] },
): Promise<void> {
  const { orderId, shopperId: userId } = order;
  const nowMs = clock.now();
  const [least, most] = sent.days;
  const values = {
    ...{ orderId, title: await orderTitle(client, orderId) },
    ...{ parcel: parcel.number, parcels: parcels.length, carrier: sent.carrier, trackingCode: sent.trackingCode },
    ...{ expectedFrom: nowMs + least * DAY_MS, expectedUntil: nowMs + most * DAY_MS },
  };
  const text = noticeEvent({ template: 'parcel-shipped', userId, eventId: nextId(), at: nowMs, values });
  await insertOutbox(client, [{ topic: 'notification.email', key: userId, text }]);
}
