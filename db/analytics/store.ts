/** Where sums of figures are kept, whichever database that is. Times are the starts of minutes (of articles: of hours). */
import type { ClientBase } from 'pg';
import type { FigureRow } from '../../contracts/figure-rows.ts';

export interface SeriesQuery {
  /** NO_ID is the whole store. */
  readonly merchantId: string;
  readonly names: readonly string[];
  /** Where each bucket begins, and where the last one ends. */
  readonly edgesMs: readonly number[];
}

export interface SeriesRow {
  /** The first bucket is 0. */
  readonly bucket: number;
  readonly name: string;
  readonly currency: string;
  readonly events: number;
  readonly units: number;
  readonly amountMinor: number;
}

export interface TopQuery {
  readonly merchantId: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly by: { readonly name: string; readonly measure: 'events' | 'units' | 'amount'; readonly currency?: string };
  /** What is told of each. */
  readonly names: readonly string[];
  readonly limit: number;
}

export interface TopRow {
  readonly productId: string;
  readonly name: string;
  readonly currency: string;
  readonly events: number;
  readonly units: number;
  readonly amountMinor: number;
}

export interface AnalyticsStore {
  readonly name: string;
  /**
   * In the transaction that says what of Kafka is counted: both are there or neither. Of one key there is one row in
   * `rows`. A store elsewhere takes what was committed with `flush`.
   */
  add(client: ClientBase, batchId: string, rows: readonly FigureRow[]): Promise<void>;
  /** Brings what was added to where it is asked for; what was brought before is not counted again. */
  flush(): Promise<void>;
  /** Takes the rows of these names in this time away and puts these in their place. */
  replace(
    client: ClientBase,
    names: readonly string[],
    span: { readonly fromMs: number; readonly untilMs: number },
    rows: readonly FigureRow[],
  ): Promise<void>;
  /** Makes room for what comes, and forgets whole months from before `keptFromMs`. */
  maintain(nowMs: number, keptFromMs: number): Promise<void>;
  series(query: SeriesQuery): Promise<SeriesRow[]>;
  /** The rows of the products that lead, the first of them first. */
  top(query: TopQuery): Promise<TopRow[]>;
}
