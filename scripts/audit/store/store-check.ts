/** One thing that must be true of the store. */
export interface StoreCheck {
  readonly identity: string;
  readonly what: string;
  readonly harm?: 'charged twice' | 'charged for nothing';
  /** Answers with an `id` and a `detail` for each thing that breaks it. */
  readonly text: string;
}

export interface StoreLine extends Omit<StoreCheck, 'text'> {
  readonly verdict: 'ok' | 'broken';
  readonly count: number;
  /** The first ones. */
  readonly broken: readonly { readonly id: string; readonly detail: string }[];
}

export interface StoreReport {
  readonly at: string;
  readonly verdict: 'ok' | 'broken';
  readonly totals: {
    readonly shelves: number;
    readonly units: number;
    readonly orders: number;
    readonly payments: number;
    readonly transfers: number;
    readonly chargedTwice: number;
    readonly chargedForNothing: number;
  };
  readonly lines: readonly StoreLine[];
}
