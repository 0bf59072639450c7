import { SHIPPING_OPTIONS, type ShippingOption, ZONES, type Zone } from './options.ts';

export interface Parcel {
  readonly country: string;
  readonly currency: string;
  /** What the goods in it cost, after the discount. */
  readonly goodsMinor: number;
  readonly units: number;
}

export interface PricedOption {
  readonly option: ShippingOption;
  readonly costMinor: number;
}

export function zoneOf(country: string): Zone {
  return ZONES[country] ?? 'world';
}

/** The ways in which a parcel can travel, cheapest first. None where nothing is known in this currency. */
export function shippingOptionsFor(parcel: Parcel): PricedOption[] {
  const zone = zoneOf(parcel.country);
  return SHIPPING_OPTIONS.filter((option) => option.zone === zone && option.currency === parcel.currency)
    .map((option) => ({ option, costMinor: shippingCost(option, parcel) }))
    .sort((a, b) => a.costMinor - b.costMinor);
}

/** A base for the first unit and something for each further one, or nothing. */
export function shippingCost(
  option: ShippingOption,
  { goodsMinor, units }: Pick<Parcel, 'goodsMinor' | 'units'>,
): number {
  if (units === 0 || (option.freeFromMinor !== null && goodsMinor >= option.freeFromMinor)) return 0;
  return option.baseMinor + option.perUnitMinor * (units - 1);
}
