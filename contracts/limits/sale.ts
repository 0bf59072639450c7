/** A drop and its sale: claims, holds, line, draw, regions, and how it is watched. */

export const SALE_LIMITS = {
  skusPerDrop: 100,
  regionsPerDrop: 64,
  lanesPerDrop: 8,
  unitsPerSku: 100_000_000,
  unitsPerClaim: 100,
  unitsPerShopper: 1_000,
  priceMinor: 1_000_000_000_00,
  holdSeconds: 3_600,
  passSeconds: 3_600,
  activePasses: 1_000_000,
  admissionsPerSecond: 100_000,
  /** Places in the line of one drop. */
  placesPerDrop: 10_000_000,
  /** Claims in one call of the claim script, and joins in one of the join script. */
  claimBatch: 64,
  joinBatch: 128,
  /** What may wait for such a call in one process; beyond it the answer is BUSY. */
  claimQueue: 8_192,
  joinQueue: 16_384,
  /** Calls under way at once from one process to one Redis. */
  batchesInFlight: 4,
  /** How long a claim or a join may wait for its decision before the shopper is told BUSY. */
  claimDeadlineMs: 2_000,
  joinDeadlineMs: 5_000,
  /** Admissions of one call of the admit script. */
  admitBatch: 1_000,
  /** Holds that one call of the expire script looks at, and those of one batch of claims more. */
  expireBatch: 250,
  /** Such calls under way at once: while one answer travels, Redis has the next call. */
  expiresInFlight: 2,
  /** Drops whose next end of a hold a sweeper asks for at once. */
  expireLooks: 500,
  /** Transfers that the rebalancer begins in one round of one drop. */
  transfersPerRound: 256,
  /** Transfers that a region's journal keeps one by one after they arrived, and with how many it moves nothing more. */
  transfersKept: 500,
  transfersRemembered: 5_000,
  /** Claims that one call of the rebuild script puts back, and claims of a drop that a rebuild can hold in memory. */
  rebuildBatch: 250,
  rebuildClaims: 2_000_000,
  /** Holds that are read from Redis at once: about 1 ms of it. */
  holdsPage: 1_000,
  /** Entrants that a draw reads from Redis at once, and that get their places in one call: 1.1 ms of Redis. */
  drawReadBatch: 1_000,
  drawPlaceBatch: 250,
  /** Such calls under way at once: between them, the line's own calls have their turn. */
  drawCallsInFlight: 2,
  /** Chunks of a draw's public list that are read for a reader at once, and draws whose trees a store keeps for proofs. */
  drawChunksRead: 32,
  drawCacheEntries: 16,
  /** Entries of the log of passes that are read at once; each tells of up to `admitBatch` shoppers: 8 MB. */
  passLogPage: 200,
  /** A log of more entries is not checked while somebody waits for it: npm run passes does it. */
  passLogShown: 20_000,
  /** Drops that are published, ended or settled in one look of the drops worker. */
  dropsAtOnce: 200,
  /** Streams of sales as they go on: of one store process (each counts as a request in hand), of one person, and drops. */
  liveStreams: 80,
  liveStreamsPerPerson: 10,
  liveDrops: 100,
  /** What a process remembers of one drop for who comes back, and what may wait for who reads slowly. */
  liveSnapshots: 30,
  liveStreamBytes: 64 * 1_024,
  /** Files of results that one process of the store writes at once, and orders of one page of it. */
  resultFilesAtOnce: 4,
  resultPage: 1_000,
} as const;

export const SALE_INTERVALS = {
  /** How often the drops worker looks for what to publish or to end; shoppers hear of a pause within this and a refresh. */
  dropsEveryMs: 200,
  /** How often it looks whether a drop that ended can be settled, and tries what failed again. */
  dropsSettleEveryMs: 1_000,
  dropsLockMs: 5_000,
  /** How often a watched sale is looked at, and a silent stream says that it is there. */
  liveEveryMs: 1_000,
  liveHeartbeatMs: 15_000,
  /** How often it is looked whether a drop is over and its keys may go. */
  retireEveryMs: 60_000,
  /** How often a sweeper looks again when the next hold of a drop ends: less than the shortest hold lasts. */
  expireLookMs: 250,
  /** How often stock is moved to where it is asked for, and a follower tries to lead. */
  rebalanceEveryMs: 1_000,
  /** How often a process writes down how many units it had to refuse. */
  refusalsEveryMs: 1_000,
  /** How often a drop that is over is swept for transfers that did not arrive. */
  rebalanceSweepMs: 60_000,
  /** How often it is looked whether a lobby is over; a drop without a draw to be made is asked for again after a while. */
  drawEveryMs: 250,
  drawQuietMs: 10_000,
  /** A draw that failed is tried again after this long. */
  drawRetryMs: 5_000,
  drawLockMs: 5_000,
  /** A rebalancer that died leads no longer than this. */
  rebalanceLockMs: 5_000,
} as const;

export const SALE_LIFETIMES = {
  /** How long one stream of a sale lasts, as long as an access token: who watches on comes again. */
  liveStreamMs: 15 * 60_000,
  /** Keys of stock, claims and line are kept this long after the end of a drop. */
  dropKeysAfterEndMs: 7 * 24 * 3_600_000,
} as const;
