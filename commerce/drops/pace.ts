/** How fast a sale goes, from what was counted at successive looks at it. */

export interface SaleSample {
  readonly atMs: number;
  /** Places that were ever called. */
  readonly admitted: number;
  /** Claims that were ever won. */
  readonly claims: number;
  /** Orders that were ever paid. */
  readonly paid: number;
  /** Units that are held or sold. */
  readonly taken: number;
  readonly available: number;
}

export interface SalePace {
  readonly admittedPerSecond: number;
  readonly claimsPerSecond: number;
  readonly paidPerSecond: number;
  /** At the pace of the last seconds; null while nothing is sold, 0 when nothing is left. */
  readonly secondsToSellOut: number | null;
}

/** The rates are those of the last few seconds: one second of a sale in bursts says little. */
export const RATE_WINDOW_MS = 5_000;
export const SELL_OUT_WINDOW_MS = 30_000;

/** Samples in the order of their time; what is older than the longer window is not looked at. */
export function paceOf(samples: readonly SaleSample[]): SalePace {
  const now = samples.at(-1);
  if (now === undefined) return { admittedPerSecond: 0, claimsPerSecond: 0, paidPerSecond: 0, secondsToSellOut: null };
  const perSecond = (of: keyof Omit<SaleSample, 'atMs'>, windowMs: number): number => {
    const before = samples.find(({ atMs }) => atMs >= now.atMs - windowMs) ?? now;
    const seconds = (now.atMs - before.atMs) / 1_000;
    // A region that cannot be read now counts less than before: that is no sale backwards.
    return seconds === 0 ? 0 : Math.max(0, (now[of] - before[of]) / seconds);
  };
  const unitsPerSecond = perSecond('taken', SELL_OUT_WINDOW_MS);
  return {
    admittedPerSecond: rounded(perSecond('admitted', RATE_WINDOW_MS)),
    claimsPerSecond: rounded(perSecond('claims', RATE_WINDOW_MS)),
    paidPerSecond: rounded(perSecond('paid', RATE_WINDOW_MS)),
    secondsToSellOut: secondsToSellOut(now.available, unitsPerSecond),
  };
}

function secondsToSellOut(available: number, unitsPerSecond: number): number | null {
  if (available === 0) return 0;
  return unitsPerSecond === 0 ? null : Math.ceil(available / unitsPerSecond);
}

const rounded = (rate: number): number => Math.round(rate * 10) / 10;
