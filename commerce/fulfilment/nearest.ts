import { COUNTRY_PLACES } from './country-places.ts';

export interface WarehousePlace {
  readonly id: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly country: string;
}

export interface Destination {
  readonly country: string;
}

/**
 * The nearest first. Those of the country itself come before all others, however large it is: nothing is cleared through
 * customs. Where nothing is known of the country, all others are as near as one another. Equals go by their id.
 */
export function nearestFirst<W extends WarehousePlace>(warehouses: readonly W[], { country }: Destination): W[] {
  const measured = warehouses.map((warehouse) => ({ warehouse, km: kmTo(warehouse, country) }));
  return measured
    .sort((a, b) => a.km - b.km || (a.warehouse.id < b.warehouse.id ? -1 : 1))
    .map(({ warehouse }) => warehouse);
}

function kmTo(warehouse: WarehousePlace, country: string): number {
  if (warehouse.country === country) return 0;
  const place = Object.hasOwn(COUNTRY_PLACES, country) ? COUNTRY_PLACES[country] : undefined;
  return place === undefined ? Number.MAX_VALUE : 1 + kmBetween([warehouse.latitude, warehouse.longitude], place);
}

const EARTH_RADIUS_KM = 6_371;

/** Along the surface (haversine). */
function kmBetween(a: readonly [number, number], b: readonly [number, number]): number {
  const [latA, lonA, latB, lonB] = [a[0], a[1], b[0], b[1]].map((degrees) => (degrees * Math.PI) / 180);
  if (latA === undefined || lonA === undefined || latB === undefined || lonB === undefined) return Number.MAX_VALUE;
  const half = (angle: number) => Math.sin(angle / 2) ** 2;
  const h = half(latB - latA) + Math.cos(latA) * Math.cos(latB) * half(lonB - lonA);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}
