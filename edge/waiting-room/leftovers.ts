/**
 * What this edge knows of the stock of one drop: read a few times a second, and told at once when units come back to a
 * region that had none. From it a claim for something that is gone is answered without asking anybody.
 */
import { type DropDefinition, regionsOf } from '../../contracts/drop.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Stock, StockPosition } from '../../reservation-core/stock.ts';

export interface Leftovers {
  /** Reads all regions. One that does not answer has nothing to sell now, and nothing is known of it. */
  refresh(drop: DropDefinition): Promise<void>;
  /** Units of all skus that can be claimed now, anywhere. */
  available(): number;
  held(): number;
  sold(): number;
  released(): number;
  /** Whether the core said that nothing is left of it in this region, a moment ago and not longer. */
  isGone(sku: string, region: string): boolean;
  /** Whether that was the last that the core said of it, however long ago: for what is shown, and refuses nobody. */
  wasGone(sku: string, region: string): boolean;
  /** The same of every region. A region that does not answer may have some. */
  wasGoneEverywhere(sku: string): boolean;
  /** A claim was won here: its units are gone before the stock is read again. */
  noteTaken(sku: string, region: string, units: number): void;
  /** A claim was answered so: it is known as of now. */
  noteGone(sku: string, region: string): void;
  /** Something came back: what was known of it does not count any more. */
  noteReturn(sku: string, region: string): void;
}

interface RegionView {
  readonly position: StockPosition | undefined;
  readonly available: Map<string, number>;
  /** Epoch ms at which the core said that nothing is left. Never counted: what is under way is counted by nobody. */
  readonly goneAtMs: Map<string, number>;
}

export function createLeftovers(options: {
  readonly stock: Pick<Stock, 'position'>;
  readonly clock: Clock;
  onUnreadable(region: string, error: unknown): void;
}): Leftovers {
  const { clock } = options;
  const views = new Map<string, RegionView>();
  /** Counts the news of each region: what was read before news came is older than they are. */
  const news = new Map<string, number>();
  /** A region that is slow to answer is not asked twice at once, and does not hold up the others. */
  const reading = new Set<string>();

  async function refreshRegion(dropId: string, region: string): Promise<void> {
    const [newsBefore, askedAtMs] = [news.get(region), clock.now()];
    reading.add(region);
    try {
      const position = await options.stock.position(dropId, region);
      if (news.get(region) !== newsBefore) return;
      const gone = [...position.available].filter(([, left]) => left === 0);
      const goneAtMs = new Map(gone.map(([sku]) => [sku, askedAtMs]));
      views.set(region, { position, available: new Map(position.available), goneAtMs });
    } catch (error) {
      views.set(region, { position: views.get(region)?.position, available: new Map(), goneAtMs: new Map() });
      options.onUnreadable(region, error);
    } finally {
      reading.delete(region);
    }
  }

  function sum(count: (position: StockPosition) => number): number {
    let units = 0;
    for (const { position } of views.values()) units += position === undefined ? 0 : count(position);
    return units;
  }

  const wasGone = (sku: string, region: string): boolean => views.get(region)?.goneAtMs.has(sku) ?? false;

  /** It was given no units of it. */
  function hasNone(sku: string, region: string): boolean {
    const position = views.get(region)?.position;
    return position !== undefined && !position.available.has(sku);
  }

  return {
    async refresh(drop) {
      const idle = regionsOf(drop).filter((region) => !reading.has(region));
      await Promise.all(idle.map((region) => refreshRegion(drop.id, region)));
    },
    available() {
      let units = 0;
      for (const { available } of views.values()) for (const left of available.values()) units += left;
      return units;
    },
    held: () => sum(({ held }) => held),
    sold: () => sum(({ sold }) => sold),
    released: () => sum(({ released }) => released),
    isGone(sku, region) {
      const goneAtMs = views.get(region)?.goneAtMs.get(sku);
      return goneAtMs !== undefined && clock.now() - goneAtMs <= INTERVALS.stockTrustedMs;
    },
    wasGone,
    wasGoneEverywhere: (sku) =>
      views.size > 0 && [...views.keys()].every((region) => wasGone(sku, region) || hasNone(sku, region)),
    noteTaken(sku, region, units) {
      const available = views.get(region)?.available;
      const left = available?.get(sku);
      if (left !== undefined) available?.set(sku, Math.max(0, left - units));
    },
    noteGone(sku, region) {
      views.get(region)?.available.set(sku, 0);
      views.get(region)?.goneAtMs.set(sku, clock.now());
    },
    noteReturn(sku, region) {
      news.set(region, (news.get(region) ?? 0) + 1);
      views.get(region)?.available.delete(sku);
      views.get(region)?.goneAtMs.delete(sku);
    },
  };
}
