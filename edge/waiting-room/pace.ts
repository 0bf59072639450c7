/** How many shoppers are called at a time: as many as what is left can serve, learned from what those before them did. */

export interface Sale {
  /** Units that can be claimed now, are held, were sold, and ever came back. */
  readonly available: number;
  readonly held: number;
  readonly sold: number;
  readonly released: number;
  /** Shoppers called since the drop began, and those of them whose pass is still live. */
  readonly called: number;
  readonly active: number;
  readonly perShopperLimit: number;
}

/** How many passes the first guess counts for: half of what a shopper may have, each. */
const GUESSED_PASSES = 20;
/** However few of those called buy something, no more than this many are called for one unit. */
const LEAST_UNITS_PER_PASS = 0.05;

/** Units that a pass leads to, no-shows and those who only look included. */
export function unitsPerPass(sale: Sale): number {
  const guess = (1 + sale.perShopperLimit) / 2;
  const claimed = sale.held + sale.sold + sale.released;
  const ended = Math.max(0, sale.called - sale.active);
  const learned = (claimed + GUESSED_PASSES * guess) / (ended + GUESSED_PASSES);
  return Math.min(sale.perShopperLimit, Math.max(LEAST_UNITS_PER_PASS, learned));
}

/** Of what is held now, units that will come back, as far as those before them tell. */
export function expectedReturns({ held, sold, released }: Sale): number {
  const ended = sold + released;
  return ended === 0 ? 0 : held * (released / ended);
}

/**
 * Active passes that are enough for what can be claimed now. Nobody is called for units that may come back: their pass
 * would run while there is nothing to claim. When units do come back, the line moves on at once.
 */
export function wantedPasses(sale: Sale): number {
  return sale.available <= 0 ? 0 : Math.ceil(sale.available / unitsPerPass(sale));
}

/** How likely stock lasts to who has so many ahead, those with a live pass included. */
export function oddsOf(sale: Sale, ahead: number): number {
  const units = sale.available + expectedReturns(sale);
  if (units <= 0) return 0;
  return Math.min(1, units / ((sale.active + ahead + 1) * unitsPerPass(sale)));
}
