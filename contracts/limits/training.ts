/** The training of recommendations: docs/RECOMMENDATIONS.md says what memory this comes to. */

export const TRAINING_LIMITS = {
  /** What one model is made of; of more interactions, the newest. */
  trainingInteractions: 20_000_000,
  trainingUsers: 2_000_000,
  trainingProducts: 1_000_000,
  /** Different words, attributes and the like over all products; and those of one product that count. */
  trainingTerms: 1_000_000,
  termsPerProduct: 60,
  /** Products that are read at once, and lists that are written at once, by one call in flight. */
  trainingProductsPerRead: 2_000,
  listsPerWrite: 200,
  /** Shoppers who have a list: who was here last. Entries of each kind of list, 20 bytes each. */
  listedUsers: 1_000_000,
  userList: 50,
  productList: 24,
  popularList: 200,
  /** A basket of more products says little of any two of them. Baskets of one product that are looked at. */
  basketProducts: 50,
  basketsPerProduct: 2_000,
  /** How many times two products have to be bought together. */
  fewestTogether: 2,
  /** Entries of terms' lists that are read for one product: 0.2 ms. */
  termEntriesPerProduct: 20_000,
  /** Shoppers and products that one task of a thread is about. */
  trainingRowsPerTask: 500,
  /** So many orders and looks are enough that is new, in a shop of any size; in a small one, a hundredth. */
  newInteractionsCounted: 1_000,
  /** Erased people whose lists are removed in one go. */
  forgottenBatch: 500,
} as const;

export const TRAINING_INTERVALS = {
  /** How often it is looked whether there is something to train, and for people who were erased. */
  trainingLookMs: 15_000,
  forgetLookMs: 5_000,
  /** A new model after so long if there is enough that is new, and after so long in any case. */
  trainingEveryMs: 3_600_000,
  trainingAtLeastEveryMs: 24 * 3_600_000,
  /** After one that failed. */
  trainingRetryMs: 300_000,
  trainingLockMs: 60_000,
  /** How long reading what shoppers did may take. */
  trainingStatementMs: 900_000,
  /** How often the row of a model says how far it is. */
  trainingTellMs: 1_000,
} as const;

export const TRAINING_LIFETIMES = {
  /** Lists end by themselves if no trainer takes care of them any more. */
  modelMs: 8 * 24 * 3_600_000,
  /** How far back a model looks, and when an interaction counts half. */
  interactionsMs: 365 * 24 * 3_600_000,
  interactionsHalfLifeMs: 90 * 24 * 3_600_000,
} as const;
