/** What is taxed where, as data. Rates in parts per million, so that 8.875 % is a whole number. */

export interface Place {
  /** ISO 3166: two capital letters. */
  readonly country: string;
  /** State, province or county, where its rate differs. */
  readonly area?: string;
}

export const RATE_UNIT = 1_000_000;

export const COUNTRY_RATES: Readonly<Record<string, number>> = {
  ...{ AT: 200_000, BE: 210_000, BG: 200_000, CY: 190_000, CZ: 210_000, DE: 190_000, DK: 250_000, EE: 240_000 },
  ...{ ES: 210_000, FI: 255_000, FR: 200_000, GR: 240_000, HR: 250_000, HU: 270_000, IE: 230_000, IT: 220_000 },
  ...{ LT: 210_000, LU: 170_000, LV: 210_000, MT: 180_000, NL: 210_000, PL: 230_000, PT: 230_000, RO: 210_000 },
  ...{ SE: 250_000, SI: 220_000, SK: 230_000 },
  ...{ AU: 100_000, CA: 50_000, CH: 81_000, GB: 200_000, IN: 180_000, JP: 100_000, KR: 100_000, NO: 250_000 },
  ...{ NZ: 150_000, SG: 90_000 },
};

/** By `country-area`; where there is no line, the rate of the country holds. The United States tax by area alone. */
export const AREA_RATES: Readonly<Record<string, number>> = {
  ...{ 'US-CA': 72_500, 'US-FL': 60_000, 'US-IL': 62_500, 'US-NY': 88_750, 'US-TX': 62_500, 'US-WA': 65_000 },
  ...{ 'CA-BC': 120_000, 'CA-ON': 130_000, 'CA-QC': 149_750 },
  ...{ 'ES-CN': 70_000 },
};

/** 0 where no tax is known. */
export function taxRateAt({ country, area }: Place): number {
  return (area === undefined ? undefined : AREA_RATES[`${country}-${area}`]) ?? COUNTRY_RATES[country] ?? 0;
}

/**
 * Where the units of a region are sold from, for the tax inside the price of a drop: what a shopper is told must not
 * depend on an address that nobody knows yet. A region that is not named here is taxed nowhere.
 */
const REGION_PLACES: Readonly<Record<string, Place>> = {
  'us-east': { country: 'US', area: 'NY' },
  'us-west': { country: 'US', area: 'CA' },
  eu: { country: 'DE' },
  asia: { country: 'JP' },
};

export function taxRateOfRegion(region: string): number {
  const place = REGION_PLACES[region];
  return place === undefined ? 0 : taxRateAt(place);
}
