/** Copies of one's own data, erasure, and the keys of merchants' programs. */

export const PRIVACY_LIMITS = {
  /** Keys that work at once, and how long the name of one is. */
  apiKeysPerMerchant: 20,
  apiKeyNameChars: 100,
  apiKeyDays: 366,
  /** Keys that one store process remembers; more are looked up in the database. */
  apiKeysRemembered: 10_000,
  /** What one key may ask of all stores; its merchant's own bucket is taken from as well. */
  storeRequestsPerKey: { capacity: 200, refillPerSecond: 20 },
  /** Copies of one's own data: two at once and two a day; the same for one's asking for an erasure. */
  privacyRequestsPerPerson: { capacity: 2, refillPerSecond: 2 / 86_400 },
  /** Rows that are read at once for an export, bytes of one piece of its file, and of a whole file. */
  exportRows: 500,
  exportPieceBytes: 256 * 1_024,
  exportBytes: 1_024 * 1_024 * 1_024,
  /** Requests that a privacy worker takes in one look, and how often one that failed is tried. */
  privacyBatch: 10,
  privacyTries: 10,
  /** Statements over everything of one person, where PostgreSQL has to look longer. */
  privacyStatementMs: 120_000,
  /** Files and addresses that are over, a statement. */
  privacyPruneBatch: 500,
  /** Drops whose lines are looked at for one person. */
  privacyDrops: 10_000,
} as const;

export const PRIVACY_INTERVALS = {
  /** How often the privacy worker looks, and how often it looks for what is kept no longer. */
  privacyEveryMs: 2_000,
  privacyPruneEveryMs: 600_000,
  /** Whoever works on a request and says nothing for this long is taken for dead. */
  privacyLeaseMs: 300_000,
  /** A request that failed is tried again after this long, and twice as long each time. */
  privacyRetryMs: 10_000,
  /** How long a store goes by what it knows of a key: no key works longer after it was revoked. */
  apiKeyLookupMs: 1_000,
  /** The time of the last use of a key is written this often. */
  apiKeyUseMs: 3_600_000,
} as const;

export const PRIVACY_LIFETIMES = {
  exportFileMs: 7 * 24 * 3_600_000,
  /** An erasure can be called off for this long. */
  erasureGraceMs: 14 * 24 * 3_600_000,
  /** After the last access token has expired (15 minutes) an erasure looks once more whether anything came in meanwhile. */
  erasureAfterMs: 20 * 60_000,
  /** Without a password to ask for, a sign-in not older than this stands for one. */
  freshSignInMs: 10 * 60_000,
  /** Ten years from the end of the year in which an invoice was made. */
  invoiceAddressMs: 11 * 366 * 24 * 3_600_000,
} as const;
