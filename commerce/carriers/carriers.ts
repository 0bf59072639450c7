import type { Carrier } from './carrier.ts';
import { createHouseCarrier } from './house-carrier.ts';

export interface Carriers {
  readonly names: readonly string[];
  byName(name: string): Carrier | undefined;
}

export const CARRIER_VARIABLES = ['CARRIER_SECRET'] as const;

export function createCarriers({ CARRIER_SECRET }: { readonly CARRIER_SECRET: string }): Carriers {
  const all = [createHouseCarrier(CARRIER_SECRET)];
  return { names: all.map(({ name }) => name), byName: (name) => all.find((carrier) => carrier.name === name) };
}
