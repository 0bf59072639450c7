import type { ClientBase, Pool } from 'pg';
import { LIMITS } from '../../../contracts/limits.ts';

export interface TrackedEvent {
  readonly shipmentId: string;
  readonly code: string;
  readonly place: string;
  readonly atMs: number;
}

/** What is known of the way of these parcels, in the order in which it happened; of each no more than its newest. */
export async function findShipmentEvents(
  database: Pool | ClientBase,
  shipmentIds: readonly string[],
): Promise<readonly TrackedEvent[]> {
  const { rows } = await database.query<TrackedEvent>({
    name: 'find-shipment-events',
    text: `
      select e.shipment_id as "shipmentId", e.code, e.place, (extract(epoch from e.at) * 1000)::float8 as "atMs"
      from unnest($1::uuid[]) as shipment (id)
      cross join lateral (
        select * from shipment_events where shipment_id = shipment.id order by at desc, code limit $2
      ) e
      order by e.shipment_id, e.at, e.code`,
    values: [shipmentIds, LIMITS.shipmentEventsShown],
  });
  return rows;
}

export interface ToldEvent {
  readonly trackingCode: string;
  readonly code: string;
  readonly atMs: number;
  readonly place: string;
}

/*
 * A parcel keeps as many events as are ever shown; a carrier that tells more is not listened to further, but that a parcel
 * arrived is taken down always. The earliest arrival counts, however often and in whichever order it is told.
 */
const NOTE = `
  with told as materialized (
    select s.id, event.code, event.at_ms, event.place
    from unnest($2::text[], $3::text[], $4::float8[], $5::text[]) as event (tracking_code, code, at_ms, place)
    join shipments s on s.carrier = $1 and s.tracking_code = event.tracking_code
  ), noted as (
    insert into shipment_events (shipment_id, at, code, place)
    select distinct on (id, at_ms, code) id, to_timestamp(at_ms / 1000), code, place from told
    where code <> 'delivered' and (select count(*) from shipment_events e where e.shipment_id = told.id) < $6
    on conflict do nothing
  ), arrived as (
    update shipments s set told_delivered_at = least(s.told_delivered_at, to_timestamp(first.at_ms / 1000))
    from (select id, min(at_ms) as at_ms from told where code = 'delivered' group by id) first
    where s.id = first.id and s.status = 'SHIPPED'
  )
  select count(distinct tracking_code)::int as unknown
  from unnest($2::text[]) as asked (tracking_code)
  where not exists (select from shipments s where s.carrier = $1 and s.tracking_code = asked.tracking_code)`;

/** Writes down what a carrier told, and answers with how many codes of it are of no parcel of ours. */
export async function noteCarrierEvents(
  database: Pool | ClientBase,
  carrier: string,
  events: readonly ToldEvent[],
): Promise<number> {
  const { rows } = await database.query<{ unknown: number }>({
    name: 'note-carrier-events',
    text: NOTE,
    values: [
      carrier,
      events.map(({ trackingCode }) => trackingCode),
      events.map(({ code }) => code),
      events.map(({ atMs }) => atMs),
      events.map(({ place }) => place),
      LIMITS.shipmentEventsShown,
    ],
  });
  return rows[0]?.unknown ?? 0;
}
