/** How large a storm is, as data: everything else follows from the calm rate and from how long the storm lasts. */

export interface SaleSize {
  /** New shoppers of the shop in a second, before the storm and while it lasts. */
  readonly calmPerSecond: number;
  readonly calmSeconds: number;
  readonly warmUpSeconds: number;
  readonly stormSeconds: number;
  /** Who comes to the drop. */
  readonly stormShoppers: number;
  /** From the opening of the lobby to the start. */
  readonly lobbySeconds: number;
  readonly units: number;
  readonly holdSeconds: number;
  readonly passSeconds: number;
  readonly admission: { readonly perSecond: number; readonly maxActive: number };
  readonly products: number;
  readonly edges: number;
  readonly crowds: number;
}

/** Beyond 50, which is the goal: the factor is measured, and whoever comes a moment too late does not count. */
const BURST = 52;
const CALM_PER_SECOND = 10;
/** Shorter, and lobby, draw, sale and returns do not fit into it. */
const LEAST_STORM_SECONDS = 10;
const STORM_SECONDS = { whole: 60, quick: 15 } as const;
const LOBBY_SHARE = 0.25;
/** Gone in the middle: about what is admitted from the start to there, less who does not buy. */
const UNITS_PER_SECOND_OF_STORM = 40;
/** Of a pass or a hold, next to the storm: so that some of them end while it lasts. */
const HOLD_SHARE = 0.25;
const PASS_SHARE = 0.125;
const LEAST_HOLD_SECONDS = 8;
const LEAST_PASS_SECONDS = 5;
const ADMITTED_PER_SECOND = 250;

export function sizeOf({ seconds, quick }: { readonly seconds: number; readonly quick: boolean }): SaleSize {
  const stormSeconds = seconds >= LEAST_STORM_SECONDS ? seconds : STORM_SECONDS[quick ? 'quick' : 'whole'];
  const passSeconds = Math.max(LEAST_PASS_SECONDS, Math.round(stormSeconds * PASS_SHARE));
  return {
    ...{ calmPerSecond: CALM_PER_SECOND, calmSeconds: quick ? 8 : 30, warmUpSeconds: quick ? 3 : 5 },
    ...{ stormSeconds, stormShoppers: Math.ceil(CALM_PER_SECOND * BURST * stormSeconds) },
    lobbySeconds: Math.round(stormSeconds * LOBBY_SHARE),
    units: Math.round(UNITS_PER_SECOND_OF_STORM * stormSeconds),
    holdSeconds: Math.max(LEAST_HOLD_SECONDS, Math.round(stormSeconds * HOLD_SHARE)),
    passSeconds,
    admission: { perSecond: ADMITTED_PER_SECOND, maxActive: ADMITTED_PER_SECOND * passSeconds },
    ...{ products: quick ? 5_000 : 50_000, edges: 2, crowds: 2 },
  };
}
