/** Serving recommendations, and the experiments with them. */

const hour = 3_600_000;
const day = 24 * hour;

export const RECOMMENDING_LIMITS = {
  /** Products in one answer. */
  recommendationsPerAnswer: 50,
  /** Products of a list that are weighed, and of how many products neighbours are looked up. */
  recommendationIdeas: 100,
  recommendationSeeds: 12,
  /** Beyond what is asked for, as some of it is sold out: in how many rounds of looking products up. */
  recommendationRounds: 3,
  /** A Redis that takes longer than this is as good as away: what sells best is there at once. */
  recommendationDeadlineMs: 150,
  /** Of one shopper: looked at in a session, bought lately. */
  sessionProducts: 20,
  historyProducts: 50,
  /** Of those who look at more than this in an hour, or at one product more often, the rest does not trend. */
  trendsPerShopper: 60,
  trendsPerShopperAndProduct: 3,
  trendingShoppersRemembered: 100_000,
  /** Products that can trend; of them are shown at most `recommendationIdeas`. */
  trendingProducts: 5_000,
  /** Articles whose product a process remembers: neither changes. */
  skusRemembered: 20_000,
  experiments: 1_000,
  armsPerExperiment: 5,
  /** What one shopper counts for in an experiment: who sees or clicks more is no shopper. */
  listsPerShopper: 1_000,
  clicksPerShopper: 200,
  /** Products of an experiment that are remembered to have been shown to a shopper. */
  shownProducts: 400,
  outcomesBatch: 500,
  /** Orders that are looked at in one transaction, and what is deleted in one. */
  attributionBatch: 100,
  outcomesPruneBatch: 2_000,
} as const;

export const RECOMMENDING_INTERVALS = {
  /** How often a store looks which model is served, what trends, and which experiment runs. */
  recommendationsRefreshMs: 2_000,
  /** How long after its payment an order is looked at: what was clicked before arrives in this time. */
  attributionDelayMs: 30_000,
  attributionEveryMs: 5_000,
  outcomesPruneEveryMs: 600_000,
} as const;

export const RECOMMENDING_LIFETIMES = {
  /** A session in which nothing is looked at for this long is over. */
  recommendationSessionMs: hour / 2,
  recommendationHistoryMs: day,
  /** What was bought longer ago may be recommended again. */
  recommendationBoughtMs: 90 * day,
  /** In this time a look is worth half. */
  trendingHalfLifeMs: 6 * hour,
  trendingMs: 7 * day,
  /** An order that comes later is not one of what was shown or clicked. */
  attributionMs: day,
  /** How long what was counted is remembered, and an event that is older is not counted. */
  countedMs: 7 * day,
} as const;
