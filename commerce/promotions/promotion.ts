/** What a promotion takes off, from whom and when, as data. */

export interface Promotion {
  readonly id: string;
  /** Only goods of this merchant; null for all of the shop. */
  readonly merchantId: string | null;
  readonly title: string;
  readonly benefit: Benefit;
  readonly conditions: Conditions;
  readonly stacking: Stacking;
  /** Of several, the greater one comes first. */
  readonly priority: number;
}

export type Benefit =
  /** Parts per million of the goods; never more than `maxMinor`. */
  | { readonly kind: 'percentage'; readonly ppm: number; readonly maxMinor?: number | undefined }
  | { readonly kind: 'fixed'; readonly amountMinor: number }
  | { readonly kind: 'free-shipping' }
  /** Of each `buy` + `get` units the `get` cheapest are cheaper by so much; `ppm` 1,000,000 makes them free. */
  | {
      readonly kind: 'buy-x-get-y';
      readonly buy: number;
      readonly get: number;
      readonly ppm: number;
      readonly maxTimes?: number | undefined;
    };

export interface Conditions {
  readonly startsAtMs?: number | undefined;
  readonly endsAtMs?: number | undefined;
  /** The goods that it is for cost at least so much, before any discount. */
  readonly minimumMinor?: number | undefined;
  /** Which currency amounts are in; a promotion with an amount is for carts of this currency. */
  readonly currency?: string | undefined;
  /** Only goods of this category or one below it. */
  readonly categoryId?: string | undefined;
  readonly skus?: readonly string[] | undefined;
  readonly firstOrder?: boolean | undefined;
  readonly tiers?: readonly string[] | undefined;
}

/**
 * `stack` adds to others; of all `priority` ones only the one that comes first counts, of all `best` ones the one that saves
 * most; `exclusive` is used alone or not at all, whichever saves more.
 */
export const STACKINGS = ['stack', 'priority', 'best', 'exclusive'] as const;
export type Stacking = (typeof STACKINGS)[number];

export interface Goods {
  readonly sku: string;
  readonly unitPriceMinor: number;
  readonly quantity: number;
  readonly merchantId: string;
  /** Its category and all above it. */
  readonly categoryIds: readonly string[];
}

export interface Buyer {
  readonly nowMs: number;
  readonly currency: string;
  readonly isFirstOrder: boolean;
  readonly tier: string | undefined;
}

export type Refusal =
  | 'NOT_STARTED'
  | 'ENDED'
  | 'OTHER_CURRENCY'
  | 'NO_MATCHING_GOODS'
  | 'BELOW_MINIMUM'
  | 'NOT_FIRST_ORDER'
  | 'OTHER_TIER'
  /** It saves nothing here, or others that it does not go with save more. */
  | 'NOT_USED';
