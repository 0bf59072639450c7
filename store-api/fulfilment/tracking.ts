import Type from 'typebox';
import { findOrder } from '../../db/queries/find-order.ts';
import { findShipments, type StoredShipment } from '../../db/queries/shipments/find-shipments.ts';
import { findOrderAddress } from '../../db/queries/shipments/order-address.ts';
import { findShipmentEvents, type TrackedEvent } from '../../db/queries/shipments/tracking.ts';
import { callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { maySee } from './may-see.ts';
import { ById, nullable, OrderStateName, Parcel } from './schemas.ts';
import { shownParcel } from './show.ts';

const Tracking = Type.Object({
  orderId: Type.String(),
  status: OrderStateName,
  parcels: Type.Array(
    Type.Object({
      ...Type.Omit(Parcel, ['warehouseId']).properties,
      expected: nullable(
        Type.Object(
          { from: Type.Integer(), until: Type.Integer() },
          { description: 'When it should arrive; null before it has left.' },
        ),
      ),
      events: Type.Array(
        Type.Object(
          { code: Type.String(), at: Type.Integer(), place: Type.String() },
          { description: 'Oldest first.' },
        ),
      ),
    }),
  ),
});
const DAY_MS = 86_400_000;

export function trackingRoute(app: StoreApp, { database, carriers }: StoreServices): void {
  function expected({ carrier, service, shippedAtMs }: StoredShipment, country: string) {
    const known = carrier === null ? undefined : carriers.byName(carrier);
    if (known === undefined || service === null || shippedAtMs === null) return null;
    const [least, most] = known.expectedDays(service, country);
    return { from: Math.round(shippedAtMs + least * DAY_MS), until: Math.round(shippedAtMs + most * DAY_MS) };
  }

  app.get(
    '/orders/:id/tracking',
    {
      config: { access: SIGNED_IN_OR_GUEST },
      schema: {
        summary: 'Where the parcels of an order of one’s own are',
        description: 'Guests see theirs by the token that they ordered with. Support sees everybody’s.',
        tags: ['orders'],
        params: ById,
        response: { 200: Tracking, 401: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const order = await findOrder(database, request.params.id);
      if (order === undefined || !maySee(callerOf(request), order)) return refuse(reply, 'NOT_FOUND');
      const parcels = await findShipments(database, [order.id]);
      const ids = parcels.map(({ id }) => id);
      const [events, address] = await Promise.all([
        findShipmentEvents(database, ids),
        findOrderAddress(database, order.id),
      ]);
      return {
        orderId: order.id,
        status: order.status,
        parcels: parcels.map((parcel) => {
          const { warehouseId: _warehouse, ...shown } = shownParcel(parcel);
          return {
            ...{ ...shown, expected: expected(parcel, address?.country ?? '') },
            events: events.filter(({ shipmentId }) => shipmentId === parcel.id).map(shownEvent),
          };
        }),
      };
    },
  );
}

function shownEvent({ code, place, atMs }: TrackedEvent) {
  return { code, place, at: Math.round(atMs) };
}
