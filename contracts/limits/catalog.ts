/** Products, their search, files and caches. */

export const CATALOG_LIMITS = {
  /** Words of a search that count, its length, and the matches that are ranked and counted: 20 ms of PostgreSQL. */
  searchWords: 10,
  searchChars: 200,
  searchCandidates: 2_000,
  /** Searches that one process asks of PostgreSQL at once, and that may wait for it: some 0.3 s of two cores. */
  searchesAtOnce: 4,
  searchesWaiting: 48,
  /** Values of one kind that a search may be narrowed to. */
  searchFilterValues: 20,
  /** Changes that the search index takes in one transaction, and products looked at that are remembered of a shopper. */
  searchChanges: 500,
  productViewsKept: 100,
  /** Shoppers whose likings a process remembers, and for how long. */
  shoppersRemembered: 10_000,
  /** Of one product. */
  variantsPerProduct: 100,
  imagesPerProduct: 20,
  tagsPerProduct: 30,
  tagChars: 60,
  /** Of its specifications, and of the attributes of one variant. */
  attributesPerThing: 50,
  attributeChars: 200,
  descriptionChars: 20_000,
  translationsPerProduct: 30,
  productsPerPage: 100,
  categories: 5_000,
  /** Entries that one process of the store remembers of one kind: products take about 4 kB each. */
  cacheEntries: 5_000,
  /** What of a file is written in one transaction, and in all: it has to arrive within `storeRequestMs`. */
  importBatch: 500,
  importRows: 100_000,
  importBytes: 64 * 1_024 * 1_024,
  importRowChars: 64 * 1_024,
  /** Errors beyond these are counted only. */
  importErrors: 100,
  exportBatch: 500,
  /** Files that one process of the store reads or writes at once. */
  catalogFilesAtOnce: 4,
} as const;

export const CATALOG_INTERVALS = {
  /** How old what the caches of the catalog show may be, and while nobody could tell that it changed. */
  cacheMs: 60_000,
  cacheUnheardMs: 2_000,
  /** From this part of that age on it is loaded anew behind the back of who asks. */
  cacheEarlyPart: 0.8,
  /** Who loads an entry has this long before another loads it too; how often the others look whether it is there. */
  cacheLoadMs: 3_000,
  cacheWaitMs: 20,
  /** How often a store looks whether it hears of changes. */
  cacheHearingMs: 2_000,
} as const;

export const CATALOG_LIFETIMES = {
  /** How long Redis keeps what a cache loaded, and how often it was invalidated. */
  cacheMs: 120_000,
  cacheAgesMs: 3_600_000,
} as const;
