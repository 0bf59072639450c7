/**
 * Who carries parcels. The store knows carriers only by this: another one is a file beside house-carrier.ts and a line in
 * carriers.ts.
 */

/** What a carrier may tell of a parcel, in the order in which it usually happens. */
export const CARRIER_EVENTS = [
  'accepted',
  'in-transit',
  'customs',
  'out-for-delivery',
  'delivery-failed',
  'delivered',
] as const;
export type CarrierEventCode = (typeof CARRIER_EVENTS)[number];

export interface CarrierEvent {
  readonly trackingCode: string;
  readonly code: CarrierEventCode;
  readonly atMs: number;
  readonly place: string;
}

export interface AnnouncedParcel {
  readonly shipmentId: string;
  readonly service: string;
  readonly country: string;
}

export type ToldEvents =
  | { readonly ok: true; readonly events: readonly CarrierEvent[] }
  | { readonly ok: false; readonly reason: string };

export interface Carrier {
  readonly name: string;
  readonly services: readonly string[];
  /** The tracking code of a parcel: the same for every call with the same shipment. */
  announce(parcel: AnnouncedParcel): Promise<{ readonly trackingCode: string }>;
  /** Within how many days after it left it should arrive. */
  expectedDays(service: string, country: string): readonly [least: number, most: number];
  /** What it tells by itself, if these bytes are from it; undefined of one that tells nothing. */
  readonly readEvents: ((body: Buffer, signature: string, nowMs: number) => ToldEvents) | undefined;
}
