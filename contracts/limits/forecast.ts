/** Demand, forecasts and what follows from them. */

export const FORECAST_LIMITS = {
  /** What is looked back at, and ahead. */
  forecastPastDays: 364,
  forecastDays: 56,
  /** Articles that are read, computed and written at once, and what the threads compute at once. */
  forecastBatch: 500,
  forecastThreads: 2,
  /** Orders are confirmed for so many days after they were made: days before are counted for good. */
  demandOpenDays: 3,
  /** Drops whose refusals are read at one look. */
  refusedDrops: 500,
  /** Reading a day of many orders takes longer than a statement of the shop may. */
  forecastStatementMs: 300_000,
  /** Articles that one page of what to order looks through. */
  reorderScan: 1_000,
  /** Prices of one article that a suggestion is made from, and articles that get one at once. */
  pricesSeen: 200,
  priceBatch: 200,
  /** What a merchant may say. */
  leadDays: 180,
  reviewDays: 90,
  packUnits: 1_000_000,
  /** Articles of one proposal. */
  proposedItems: 100,
} as const;

export const FORECAST_INTERVALS = {
  /** How often demand is counted; forecasts are made once a day after it. */
  demandEveryMs: 3_600_000,
  forecastLookMs: 60_000,
  forecastLockMs: 60_000,
} as const;

export const FORECAST_LIFETIMES = {
  /** How long a suggested price can be accepted. */
  priceSuggestionMs: 7 * 24 * 3_600_000,
} as const;
