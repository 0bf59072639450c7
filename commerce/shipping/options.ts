/** What shipping costs, as data: a line for each way, zone and currency. */

export type Zone = 'home' | 'near' | 'world';

/** Where parcels leave from; what is not named is far away. */
export const ZONES: Readonly<Record<string, Zone>> = {
  DE: 'home',
  ...{ AT: 'near', BE: 'near', BG: 'near', CY: 'near', CZ: 'near', DK: 'near', EE: 'near', ES: 'near', FI: 'near' },
  ...{ FR: 'near', GR: 'near', HR: 'near', HU: 'near', IE: 'near', IT: 'near', LT: 'near', LU: 'near', LV: 'near' },
  ...{ MT: 'near', NL: 'near', PL: 'near', PT: 'near', RO: 'near', SE: 'near', SI: 'near', SK: 'near' },
  ...{ CH: 'near', GB: 'near', NO: 'near' },
};

export interface ShippingOption {
  readonly id: 'standard' | 'express';
  readonly title: string;
  readonly zone: Zone;
  readonly currency: string;
  readonly baseMinor: number;
  readonly perUnitMinor: number;
  /** Free for goods worth at least this much; null where it never is. */
  readonly freeFromMinor: number | null;
  /** Between these days it arrives. */
  readonly days: readonly [number, number];
}

type Prices = readonly [baseMinor: number, perUnitMinor: number, freeFromMinor: number | null];
type Row = Pick<ShippingOption, 'id' | 'title' | 'zone' | 'days'> & {
  readonly prices: Readonly<Record<string, Prices>>;
};

const ROWS: readonly Row[] = [
  {
    ...{ id: 'standard', title: 'Standard', zone: 'home', days: [2, 4] },
    prices: { EUR: [490, 50, 5_000], USD: [550, 50, 5_500], GBP: [450, 50, 4_500], JPY: [800, 80, 8_000] },
  },
  {
    ...{ id: 'express', title: 'Express', zone: 'home', days: [1, 1] },
    prices: { EUR: [1_290, 100, null], USD: [1_400, 110, null], GBP: [1_100, 90, null], JPY: [2_100, 160, null] },
  },
  {
    ...{ id: 'standard', title: 'Standard', zone: 'near', days: [3, 6] },
    prices: { EUR: [890, 100, 10_000], USD: [990, 110, 11_000], GBP: [790, 90, 9_000], JPY: [1_500, 160, 16_000] },
  },
  {
    ...{ id: 'express', title: 'Express', zone: 'near', days: [1, 3] },
    prices: { EUR: [1_990, 200, null], USD: [2_200, 220, null], GBP: [1_700, 180, null], JPY: [3_300, 330, null] },
  },
  {
    ...{ id: 'standard', title: 'Standard', zone: 'world', days: [7, 14] },
    prices: { EUR: [1_490, 300, null], USD: [1_600, 330, null], GBP: [1_300, 260, null], JPY: [2_500, 500, null] },
  },
  {
    ...{ id: 'express', title: 'Express', zone: 'world', days: [2, 5] },
    prices: { EUR: [3_990, 600, null], USD: [4_300, 650, null], GBP: [3_400, 520, null], JPY: [6_600, 1_000, null] },
  },
];

export const SHIPPING_OPTIONS: readonly ShippingOption[] = ROWS.flatMap(({ prices, ...row }) =>
  Object.entries(prices).map(([currency, [baseMinor, perUnitMinor, freeFromMinor]]) => ({
    ...row,
    ...{ currency, baseMinor, perUnitMinor, freeFromMinor },
  })),
);
