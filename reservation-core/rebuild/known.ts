/** What is still known of regions that have lost their data. */

/** By region, then by sku. */
export type Units = ReadonlyMap<string, ReadonlyMap<string, number>>;

export type ClaimState = 'held' | 'sold' | 'cancelled' | 'expired';

export interface KnownClaim {
  readonly claimId: string;
  /** Empty for one that was claimed before keys were kept. */
  readonly key: string;
  readonly shopperId: string;
  readonly region: string;
  readonly sku: string;
  readonly quantity: number;
  readonly holdUntilMs: number;
  readonly state: ClaimState;
}

/**
 * One line of a journal, as the region `of` sees it: units came in from the region `other`, or went out to it. It stands
 * for one transfer, or for all that were settled between the two.
 */
export interface Movement {
  readonly transferId: string;
  readonly of: string;
  readonly direction: 'in' | 'out';
  readonly sku: string;
  readonly units: number;
  readonly other: string;
}
