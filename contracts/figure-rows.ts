/** Sums of figures, as they are made, kept and asked for. */

/** Stands for what does not apply, and for the store as a whole where a merchant is asked for. */
export const NO_ID = '00000000-0000-0000-0000-000000000000';

/** An order of two merchants is one event of `all`, and one of each of the two: never added over grains. */
export type Grain = 'all' | 'merchant' | 'article';

export interface FigureRow {
  /** The start of the minute; of articles, which are many, of the hour. */
  readonly atMs: number;
  readonly grain: Grain;
  readonly name: string;
  readonly merchantId: string;
  readonly productId: string;
  readonly sku: string;
  readonly dropId: string;
  readonly region: string;
  readonly currency: string;
  readonly events: number;
  readonly units: number;
  readonly amountMinor: number;
}

/** The steps to a purchase in the store, of which different shoppers are counted. */
export const FUNNEL_STAGES = ['viewed', 'cart', 'checkout', 'placed', 'paid'] as const;
export type FunnelStage = (typeof FUNNEL_STAGES)[number];
