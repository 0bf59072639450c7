/** Stock on shelves, checkouts, parcels, returns. */

export const TRADE_LIMITS = {
  /** Reservations of one transaction, those that wait for theirs, transactions under way at once, and the longest wait. */
  stockBatch: 64,
  stockQueue: 2_048,
  stockBatchesInFlight: 2,
  stockDeadlineMs: 3_000,
  /** Stock alerts that are told in one transaction, and SKUs that are looked at in one. */
  alertsBatch: 500,
  /** Units on one shelf, parts of one movement, and warehouses of one merchant. */
  unitsOnShelf: 1_000_000_000,
  movementParts: 100,
  warehousesPerMerchant: 50,
  /** How often a checkout is planned anew when others were quicker. */
  checkoutPlans: 4,
  /** Orders of one page. */
  ordersPerPage: 100,
  /** An answer longer than this is not kept for a repeated Idempotency-Key: the call is made again. */
  keptAnswerChars: 256 * 1_024,
  /** Sets of warehouses that are tried to find the fewest parcels of one merchant's lines: a few milliseconds. */
  parcelPlansTried: 2_000,
  /** What a carrier tells in one call, and what one parcel's events are shown of. */
  carrierEvents: 200,
  shipmentEventsShown: 200,
  /** How far the clock of a carrier may be from ours. */
  carrierSkewMs: 300_000,
  /** Parcels and orders that the fulfilment worker looks at in one statement. */
  fulfilmentBatch: 200,
  returnReasonChars: 500,
  returnsPerOrder: 50,
} as const;

export const TRADE_INTERVALS = {
  /** How often the fulfilment worker looks. */
  fulfilmentEveryMs: 2_000,
  /** How often it is looked for checkouts and orders of the store whose time is over. */
  reservationsPollMs: 1_000,
} as const;

export const TRADE_LIFETIMES = {
  /** How long after its arrival an order can be returned; then it is completed. */
  returnWindowMs: 30 * 24 * 3_600_000,
  /** An article that is sold out, comes back and is sold out again is told of once in so long. */
  alertQuietMs: 24 * 3_600_000,
  /** How long the units of a checkout are set aside, and its codes a little longer: they outlive the last try to order. */
  checkoutMs: 15 * 60_000,
  checkoutCodesMs: 16 * 60_000,
  /** How long the answer to an Idempotency-Key is known. */
  idempotencyKeyMs: 24 * 3_600_000,
  /** A call whose effect is not in one transaction with its key: after this long it is taken for dead. */
  idempotencyLeaseMs: 60_000,
  /** From the checkout on; how long units of the store are kept at most for who confirms payments at their bank. */
  storeHoldMostMs: 45 * 60_000,
  /** How long units of the store are kept for an order that somebody has to review. */
  reviewHoldMs: 24 * 3_600_000,
} as const;
