import { DEFAULT_REGIONS } from '../../contracts/regions.ts';

/** Those of an installation that sets none, all on one Redis. */
export const REGIONS: readonly string[] = DEFAULT_REGIONS;

/** Where a claim is made. */
export interface Sale {
  readonly dropId: string;
  readonly region: string;
}

/** So many regions of an installation. */
export function regionsNamed(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `region-${at + 1}`);
}
