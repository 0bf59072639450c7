/** How large a storm is, as data: everything else follows from the calm rate and from how long the storm lasts. */

export interface SaleSize {
  /** New shoppers of the shop in a second, before the storm and while it lasts. */
  readonly calmPerSecond: number;
  readonly calmSeconds: number;
  /** Of shopping, before the ordinary day. */
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
/** What two cores hold 50 times, shared with the generator: docs/BENCHMARKS.md has what more does to them. */
const CALM_PER_SECOND = 2.5;
/** Shorter, and lobby, draw, sale and returns do not fit into it. */
const LEAST_STORM_SECONDS = 10;
const STORM_SECONDS = { whole: 60, quick: 15 } as const;
const LOBBY_SHARE = 0.2;
/** Gone in the middle: about what is admitted from the start to there, less who does not buy. */
const UNITS_PER_SHOPPER = 0.06;
/** Of a pass or a hold, next to the storm: so that some of them end while it lasts. */
const HOLD_SHARE = 0.25;
const PASS_SHARE = 0.08;
const LEAST_HOLD_SECONDS = 8;
const LEAST_PASS_SECONDS = 5;
/** Of those who come in a second: the line is as long as lines are. */
const ADMITTED_SHARE = 0.25;

export interface SizeGiven {
  readonly seconds: number;
  readonly quick: boolean;
  /** How many come to the drop. The ordinary day has so many fewer as the storm is to be larger. */
  readonly sockets?: number | undefined;
}

/** Long enough for the compilers of every process to have seen all of a sale. */
const WARM_UP_STORM_SECONDS = 15;
const WARM_UP_CALM_SECONDS = 3;

export const defaultStormSeconds = (quick: boolean): number => STORM_SECONDS[quick ? 'quick' : 'whole'];

export function sizeOf({ seconds, quick, sockets }: SizeGiven): SaleSize {
  const stormSeconds = Math.max(LEAST_STORM_SECONDS, seconds);
  const stormShoppers = sockets ?? Math.ceil(CALM_PER_SECOND * BURST * stormSeconds);
  const passSeconds = Math.max(LEAST_PASS_SECONDS, Math.round(stormSeconds * PASS_SHARE));
  const perSecond = Math.ceil((stormShoppers / stormSeconds) * ADMITTED_SHARE);
  return {
    calmPerSecond: stormShoppers / stormSeconds / BURST,
    ...{ calmSeconds: quick ? 8 : 30, warmUpSeconds: quick ? 3 : 5, stormSeconds, stormShoppers },
    lobbySeconds: Math.round(stormSeconds * LOBBY_SHARE),
    units: Math.round(UNITS_PER_SHOPPER * stormShoppers),
    holdSeconds: Math.max(LEAST_HOLD_SECONDS, Math.round(stormSeconds * HOLD_SHARE)),
    ...{ passSeconds, admission: { perSecond, maxActive: perSecond * passSeconds } },
    ...{ products: quick ? 5_000 : 50_000, edges: 2, crowds: 2 },
  };
}

/** The same storm, shorter, before the first that counts: a shop that sells today has not been started this minute. */
export function warmUpSizeOf(size: SaleSize, quick: boolean): SaleSize {
  const seconds = Math.min(size.stormSeconds, WARM_UP_STORM_SECONDS);
  const sockets = Math.ceil((size.stormShoppers / size.stormSeconds) * seconds);
  return { ...sizeOf({ seconds, quick, sockets }), warmUpSeconds: 0, calmSeconds: WARM_UP_CALM_SECONDS };
}
