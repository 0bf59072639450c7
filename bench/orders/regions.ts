import { LIMITS } from '../../contracts/limits.ts';
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

/** A drop may have only so many regions: an installation with more of them has several drops on sale. */
export function regionsByDrop(regions: readonly string[]): string[][] {
  const drops = Math.ceil(regions.length / LIMITS.regionsPerDrop);
  const each = Math.ceil(regions.length / drops);
  return Array.from({ length: drops }, (_, at) => regions.slice(at * each, (at + 1) * each));
}
