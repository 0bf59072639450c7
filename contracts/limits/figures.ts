/** What is counted, and the reports that come of it. */

export const FIGURES_LIMITS = {
  /** Figures that wait in a process of the store; beyond it they are dropped and counted. */
  figuresWaiting: 20_000,
  /** Figures that go to Kafka in one message batch. */
  figuresBatch: 2_000,
  /** Messages that are counted in one transaction, and products whose merchant a counting process remembers. */
  figuresCounted: 1_000,
  productsRemembered: 50_000,
  /** Buckets of one answer, products of one list, and days of a funnel. */
  analyticsBuckets: 1_500,
  analyticsProducts: 100,
  funnelDays: 92,
  /** Orders whose money is looked up at once, and transfers that are settled in one transaction. */
  settledOrders: 500,
  settledTransfers: 500,
  /** Days of a report of payouts, and lines of one page of it. */
  payoutDays: 366,
  payoutLines: 1_000,
  /** Merchants whose period is closed in one call. */
  payoutMerchants: 10_000,
  /** A count of fewer shoppers is not told to a merchant: it could be somebody. */
  segmentShoppersLeast: 10,
  cohortMonths: 24,
  /** People who are grouped in one transaction. */
  segmentsBatch: 500,
} as const;

export const FIGURES_INTERVALS = {
  /** How long a figure waits for others to go with. */
  figuresEveryMs: 500,
  /** How often months are made ahead and old ones dropped, transfers are settled, and shoppers are grouped. */
  figuresMaintainMs: 3_600_000,
  settleEveryMs: 5_000,
  segmentsLookMs: 60_000,
} as const;

export const FIGURES_LIFETIMES = {
  /** How long sums are kept, in whole months. */
  figuresKeptMs: 400 * 24 * 3_600_000,
  /** What happened longer ago is not counted any more, nor what is said to happen later than this from now. */
  figuresLateMs: 28 * 24 * 3_600_000,
  figuresEarlyMs: 3_600_000,
  /** How long it is known that an event was counted: it may come again after a crash, not after a week. */
  figuresCountedMs: 7 * 24 * 3_600_000,
  /** How long a transaction of the money ledger may be open: until then its transfers are looked for again. */
  settleLagMs: 15 * 60_000,
} as const;
