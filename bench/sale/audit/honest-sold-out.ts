/**
 * Whether there was nothing left when somebody was told SOLD_OUT. An edge may know it from its copy of the stock, which is
 * a moment old, and units come back one by one and are gone at once: so a refusal is a lie where something was left in
 * every look from before it was asked until it was told.
 */
import { INTERVALS } from '../../../contracts/limits.ts';
import type { SoldOutTold } from '../crowd/notes.ts';
import { REGIONS } from '../stage.ts';
import type { StockSample } from '../stock-watch.ts';

/** From an older copy no edge refuses. */
const BEFORE_MS = INTERVALS.stockTrustedMs;

export interface SoldOutVerdict {
  readonly told: number;
  /** Told although something was left all the time. */
  readonly lies: number;
  /** Nobody looked then. */
  readonly unknown: number;
}

export function judgeSoldOut(told: readonly SoldOutTold[], samples: readonly StockSample[]): SoldOutVerdict {
  let [all, lies, unknown] = [0, 0, 0];
  for (const { region, fromMs, untilMs, count } of told) {
    all += count;
    const at = regionAt(region);
    const then = samples.filter((sample) => sample.atMs >= fromMs - BEFORE_MS && sample.atMs <= untilMs);
    if (then.length === 0 || at === -1) unknown += count;
    else if (then.every(({ available }) => (available[at] ?? 0) > 0)) lies += count;
  }
  return { told: all, lies, unknown };
}

function regionAt(region: string): number {
  const regions: readonly string[] = REGIONS;
  return regions.indexOf(region);
}
