/**
 * Which region an address belongs to: the one whose middle is nearest to its country. The United States are too wide for
 * that; there the first digit of the postal code says more.
 */
import { COUNTRY_PLACES } from '../fulfilment/country-places.ts';

export type Place = readonly [latitude: number, longitude: number];

/** Where regions of these names are; others need `REGION_PLACES`. */
const KNOWN_REGIONS: Readonly<Record<string, Place>> = {
  'us-east': [39, -77],
  'us-west': [37, -121],
  'us-central': [41, -94],
  us: [39, -98],
  canada: [45, -74],
  'sa-east': [-23, -47],
  eu: [50, 9],
  'eu-west': [53, -6],
  'eu-central': [50, 9],
  'eu-north': [59, 18],
  uk: [52, -1],
  'me-south': [26, 50],
  africa: [-26, 28],
  india: [19, 73],
  asia: [25, 115],
  'asia-east': [35, 135],
  'asia-southeast': [1, 104],
  japan: [35, 139],
  australia: [-34, 151],
};

/** Where postal codes of the United States begin with each digit, roughly. */
const US_ZONES: readonly Place[] = [
  ...([
    [42, -72],
    [41, -75],
    [37, -79],
    [32, -85],
    [40, -84],
    [44, -93],
    [40, -91],
  ] as const),
  ...([
    [32, -95],
    [38, -109],
    [38, -121],
  ] as const),
];

export interface Destination {
  readonly country: string;
  /** Of a postal code of the United States its first digit, of anything else nothing. */
  readonly zone: string;
}

export type RegionOf = (destination: Destination) => string;

/** Where nothing is known of a region, or of a country, the first region takes it. */
export function createRegionOf(regions: readonly string[], given: ReadonlyMap<string, Place> = new Map()): RegionOf {
  const [first] = regions;
  if (first === undefined) throw new RangeError('there is no region');
  const places = regions.flatMap((region): [string, Place][] => {
    const place = given.get(region) ?? (Object.hasOwn(KNOWN_REGIONS, region) ? KNOWN_REGIONS[region] : undefined);
    return place === undefined ? [] : [[region, place]];
  });
  const known = new Map<string, string>();
  return (destination) => {
    const name = `${destination.country} ${destination.zone}`;
    const found = known.get(name) ?? nearestOf(places, placeOf(destination)) ?? first;
    // Two letters and a digit: there are some thousands of them at the most.
    known.set(name, found);
    return found;
  };
}

function placeOf({ country, zone }: Destination): Place | undefined {
  if (country === 'US' && /^[0-9]$/.test(zone)) return US_ZONES[Number(zone)];
  return Object.hasOwn(COUNTRY_PLACES, country) ? COUNTRY_PLACES[country] : undefined;
}

function nearestOf(places: readonly [string, Place][], to: Place | undefined): string | undefined {
  if (to === undefined) return undefined;
  const [nearest] = places
    .map(([region, place]) => ({ region, far: angleBetween(place, to) }))
    .sort((a, b) => a.far - b.far);
  return nearest?.region;
}

/** Of a great circle, by the cosine: exact enough for half a continent. */
function angleBetween([latA, lonA]: Place, [latB, lonB]: Place): number {
  const [a, b, turn] = [radians(latA), radians(latB), radians(lonA - lonB)];
  return Math.acos(Math.min(1, Math.sin(a) * Math.sin(b) + Math.cos(a) * Math.cos(b) * Math.cos(turn)));
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** As `REGION_PLACES` has them: `eu=50/9`. */
export function readPlaces(given: readonly string[]): Map<string, Place> {
  return new Map(
    given.map((one) => {
      const [region = '', place = ''] = one.split('=');
      const [latitude = 0, longitude = 0] = place.split('/').map(Number);
      return [region, [latitude, longitude]];
    }),
  );
}
