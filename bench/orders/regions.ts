import { DEFAULT_REGIONS } from '../../contracts/regions.ts';

/** Those of an installation that sets none, all on one Redis. */
export const REGIONS = DEFAULT_REGIONS;
