/** What happens to a parcel. Its order is locked by the caller, who also makes the order's own steps. */
import type { ClientBase } from 'pg';

export interface ShipmentEvent {
  readonly shipmentId: string;
  readonly code: string;
  readonly atMs: number;
  readonly place: string;
}

/** Answers with how many were new: the same told twice is one row. */
export async function noteShipmentEvents(client: ClientBase, events: readonly ShipmentEvent[]): Promise<number> {
  if (events.length === 0) return 0;
  const { rowCount } = await client.query({
    name: 'note-shipment-events',
    text: `
      insert into shipment_events (shipment_id, at, code, place)
      select id, to_timestamp(at_ms / 1000), code, place
      from unnest($1::uuid[], $2::float8[], $3::text[], $4::text[]) as event (id, at_ms, code, place)
      on conflict do nothing`,
    values: [
      events.map(({ shipmentId }) => shipmentId),
      events.map(({ atMs }) => atMs),
      events.map(({ code }) => code),
      events.map(({ place }) => place),
    ],
  });
  return rowCount ?? 0;
}

export interface Shipping {
  readonly shipmentId: string;
  readonly carrier: string;
  readonly service: string;
  readonly trackingCode: string;
  readonly atMs: number;
}

export async function shipShipment(client: ClientBase, shipping: Shipping): Promise<void> {
  await client.query({
    name: 'ship-shipment',
    text: `
      update shipments set status = 'SHIPPED', carrier = $2, service = $3, tracking_code = $4,
        shipped_at = to_timestamp($5::float8 / 1000)
      where id = $1`,
    values: [shipping.shipmentId, shipping.carrier, shipping.service, shipping.trackingCode, shipping.atMs],
  });
}

export async function deliverShipment(client: ClientBase, shipmentId: string, atMs: number): Promise<void> {
  await client.query({
    name: 'deliver-shipment',
    text: `update shipments set status = 'DELIVERED', delivered_at = to_timestamp($2::float8 / 1000) where id = $1`,
    values: [shipmentId, atMs],
  });
}

/** For who cancels confirmed orders, inside the same transaction: parcels that have not left are not sent any more. */
export async function cancelShipments(client: ClientBase, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  await client.query({
    name: 'cancel-shipments',
    text: `update shipments set status = 'CANCELLED' where order_id = any ($1::uuid[]) and status = 'PENDING'`,
    values: [orderIds],
  });
}

/** Cash that was taken at the door is written down by the payments worker. */
export async function wakeCashPayments(client: ClientBase, orderId: string): Promise<void> {
  await client.query({
    name: 'wake-cash-payments',
    text: `update payments set due_at = now() where order_id = $1 and status = 'AUTHORIZED' and due_at is null`,
    values: [orderId],
  });
}
