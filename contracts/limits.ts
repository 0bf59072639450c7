/**
 * Every bound in one place (invariant 9): beyond a limit the answer is a clear refusal, never growth.
 * The relations between them are asserted below, when the module is loaded.
 */
export const LIMITS = {
  /** The largest frame that a shopper may send. */
  socketFrameBytes: 4_096,
  /** What may wait for one slow socket before it is dropped. */
  socketBackpressureBytes: 64 * 1_024,
  /** A socket that says nothing, not even a ping, for this long is closed. */
  socketIdleSeconds: 120,
  /** Sockets of one edge process. */
  socketsPerEdge: 19_000,
  /** Connections of one edge process that are no sockets, or none yet. */
  httpConnectionsPerEdge: 500,
  httpBodyBytes: 64 * 1_024,
  /** What one address (of IPv6: one /64) may do in one edge process: sockets at once, openings, requests over HTTP. */
  socketsPerAddress: 1_000,
  openingsPerAddress: { capacity: 500, refillPerSecond: 50 },
  requestsPerAddress: { capacity: 500, refillPerSecond: 50 },
  /** Addresses whose buckets a process remembers: about 20 MB. */
  addressesCounted: 100_000,
  /** Frames of one socket, before it is told to slow down and closed. */
  framesPerSocket: { capacity: 400, refillPerSecond: 200 },
  /** Joins over all edges, counted in Redis: of one account, and of one address. An edge tells only of more than `small`. */
  joinsPerAccount: { capacity: 30, refillPerSecond: 1, small: 2 },
  joinsPerAddress: { capacity: 1_000, refillPerSecond: 20, small: 10 },
  /** How long a join waits for that count before the edge goes on with its own. */
  budgetDeadlineMs: 500,
  /** How long a challenge may be solved, and how many solved ones a process remembers to know them again. */
  challengeMs: 300_000,
  proofsRemembered: 200_000,

  accessTokenChars: 2_048,
  ticketChars: 512,
  passChars: 512,
  idempotencyKeyChars: 64,
  nonceChars: 64,
  proofChars: 1_024,
  skuChars: 64,
  titleChars: 200,

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
  /** Claims that seemed to disagree while an audit read, and are looked at again. */
  doubtfulClaims: 20_000,
  /** What a round of reconciliation looks at of orders, of holds, and of charges in the books of a provider. */
  reconcileOrders: 20_000,
  reconcileHolds: 20_000,
  reconcileCharges: 20_000,
  /** What it mends of one kind in one round. */
  reconcileMends: 500,
  /** With no more than this behind, the orders worker has long read what is older than the grace time. */
  reconcileLag: 5_000,
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
  /** Claims that one socket may have under way. */
  claimsPerSocket: 4,
  /** Claims of one client that wait for their answer. */
  clientClaims: 16,
  /** Challenges that a client answers for one join. */
  clientProofs: 5,

  /** Keys of its claims that a socket remembers. */
  claimKeysPerSocket: 16,

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

  /** Drop definitions that an edge keeps in memory. */
  dropCacheEntries: 1_000,

  /** Entries that a relay takes from an outbox at once; one tells of a whole batch of claims, or of expired holds. */
  relayBatch: 256,
  /** Messages that it can have in memory for them. */
  relayMessages: 100_000,
  /** Messages of one publish: about what one request carries. More together are copied about by the garbage collector. */
  relayPublish: 1_500,
  /** Messages in one database transaction of the orders worker. */
  ordersBatch: 1_000,
  /** Partitions whose batches it has in hand at once: two at the database, one in the thread that prices them. */
  ordersPartitions: 3,
  /** One more than that, for holds that ended. */
  ordersConnections: 4,
  ordersThreads: 1,
  /** Orders of the last hour that are looked at to judge a batch. */
  ordersOfLastHour: 10_000,
  outboxBatch: 1_000,
  /** Payments that one payments worker has in hand at once, and rows of one statement about them. */
  paymentsInHand: 1_000,
  paymentsBatch: 250,
  /** Tries to pay one order, each in a way of its own. */
  paymentAttempts: 5,
  /** Refunds of one payment. */
  refundsPerPayment: 50,
  refundsBatch: 100,
  /** Checkouts and orders whose time is over that are ended in one transaction. */
  reservationsBatch: 200,
  eventBytes: 64 * 1_024,

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

  /** Notices of one partition that are taken at once, and partitions whose mails are sent at the same time. */
  noticeBatch: 20,
  noticesAtOnce: 4,
  /** Mails that the mail server refused of which a process remembers since when. */
  noticesRemembered: 10_000,
  /** How long the mail server may take for one mail. */
  mailDeadlineMs: 20_000,
  /** How long before the lobby of a drop opens its reminders go out, and how many at once. */
  reminderAheadMs: 3_600_000,
  reminderBatch: 1_000,
  /** Old rows that one statement deletes, and such statements in a row. */
  pruneBatch: 1_000,
  pruneRounds: 100,
  /** Dead letters that a command reads of all topics together, and that it sends back in one run: 64 MB at most. */
  lettersRead: 100_000,
  lettersReplayed: 1_000,

  /** One call to a payment provider, and all tries of one charge, cancellation or refund together. */
  paymentCallMs: 10_000,
  paymentBudgetMs: 25_000,
  /** Tries of one such step within its budget; what is left undone is tried again by its row. */
  paymentTries: 3,
  /** Keys for one call, where the provider keeps answering to the one before with its own mistake. */
  paymentKeys: 3,
  /** A provider is left alone after so many failures in a row, or when more than half of the last so many failed. */
  paymentFailuresInRow: 5,
  paymentCallsWatched: 50,
  /** Charges that are read from a provider's books at once, which is its own limit, and pages of one reading. */
  paymentBooksPage: 100,
  paymentBooksPages: 100_000,

  /** Items of one cart, saved for later ones too, units of each, and what a cart remembers besides. */
  cartLines: 100,
  cartUnitsPerLine: 99,
  cartTombstones: 100,
  cartCoupons: 5,
  cartRates: 10,
  cartKeys: 16,
  cartBytes: 64 * 1_024,
  deviceChars: 40,
  wishlistItems: 200,
  /** Tries to write a cart that another device changes meanwhile. */
  cartTries: 8,
  /** Changes of one cart that wait for their turn in one process. */
  cartChangesWaiting: 50,
  /** Sockets of one store process that wait for changes of carts, and of one person. */
  cartSockets: 10_000,
  cartSocketsPerPerson: 10,
  /** What may wait for one that reads slowly, and messages of one. */
  cartSocketBytes: 256 * 1_024,
  cartSocketMessages: { capacity: 20, refillPerSecond: 1 },
  /** Codes that somebody may try. */
  couponTries: { capacity: 20, refillPerSecond: 0.1 },
  couponChars: 40,
  /** Promotions that apply by themselves and are looked at for one cart. */
  promotionsPerCart: 100,
  codesPerBatch: 1_000,
  /** How often a checkout is planned anew when others were quicker. */
  checkoutPlans: 4,
  /** Orders of one page. */
  ordersPerPage: 100,
  /** Tries of a transaction that the database undoes because it waited for another one that waited for it. */
  conflictTries: 5,
  /** An answer longer than this is not kept for a repeated Idempotency-Key: the call is made again. */
  keptAnswerChars: 256 * 1_024,
  /** Carts that are reminded of, deleted, or whose reserved codes are given back in one statement. */
  cartBatch: 500,

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

  /**
   * From where on a store process is strained (it does without what `contracts/flags.ts` names), overloaded (who looks
   * around is refused) and critical (only who buys or pays is served).
   */
  storeLoad: {
    eventLoopDelayMs: [100, 250, 500],
    requestsInFlight: [100, 250, 600],
    databaseWaiting: [40, 120, 400],
  },
  /** A store whose event loop is behind by more than this, or whose heap is as good as full, answers BUSY at once. */
  storeEventLoopDelayMs: 1_000,
  storeHeapShare: 0.9,
  /** How long a request may take to arrive at a store. */
  storeRequestMs: 30_000,
  /** What one address and one account may ask of all stores. */
  storeRequestsPerAddress: { capacity: 500, refillPerSecond: 50 },
  storeRequestsPerAccount: { capacity: 250, refillPerSecond: 25 },
  /** Levels of a JSON body, and values in it: more is no form that anybody fills in. */
  jsonDepth: 20,
  jsonValues: 20_000,
  /**
   * Tries to sign in, of which each costs `loginCost`: ten at once and one a minute for an account from one address; for
   * an account from everywhere, and for an address, more. Also what one address may register.
   */
  loginCost: 60,
  loginsPerAccountAndAddress: { capacity: 600, refillPerSecond: 1 },
  loginsPerAccount: { capacity: 6_000, refillPerSecond: 6 },
  loginsPerAddress: { capacity: 6_000, refillPerSecond: 60 },
  /** Passwords that are hashed at once in one process (19 MB and 15 ms of a core each), and that may wait for it. */
  passwordsAtOnce: 2,
  passwordsWaiting: 100,
  passwordChars: 256,
  /** What one account may have. */
  sessionsPerUser: 50,
  addressesPerUser: 50,
  paymentMethodsPerUser: 20,
  /** How often a refresh token that was just exchanged is exchanged once more for the same client. */
  refreshRepeats: 5,

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

/** How often things happen by themselves. */
export const INTERVALS = {
  /** How often a store looks at its load, with which resolution, and how long it has to be calm to go back by one level. */
  loadSampleMs: 250,
  loadResolutionMs: 20,
  loadCalmMs: 2_000,
  /** How often a store looks at the switches of the operator. */
  flagsEveryMs: 500,
  /** How often a cart's socket is asked for a sign of life, and how long it may wait with its token. */
  cartHeartbeatMs: 30_000,
  cartHelloMs: 10_000,
  /** How often the fulfilment worker looks. */
  fulfilmentEveryMs: 2_000,
  /** How often the carts worker looks. */
  cartsEveryMs: 60_000,
  /** How often an edge asks for admissions of a drop that somebody waits for. */
  admitEveryMs: 100,
  /** Who has no socket for longer than this when their turn comes has lost their place. */
  graceMs: 60_000,
  /** How long a pass that was called waits for its shopper to ask for it. */
  pickUpMs: 15_000,
  /** The least time between two broadcasts of one line. */
  headBroadcastMs: 250,
  /** What is no move of the line, only a count, is told less often the more sockets hear of it, but never later than this. */
  headBroadcastPerShopperMs: 4,
  headBroadcastAtLeastMs: 5_000,
  /** How old an edge's copy of a drop may be, and of the stock that it shows. */
  dropRefreshMs: 1_000,
  stockRefreshMs: 250,
  /** How often an edge compares its clock with that of the home shard. */
  clockAdjustMs: 10_000,
  /** An edge that stops sends its sockets away over this long. */
  drainMs: 2_000,
  drainStepMs: 50,
  /** A shopper without a socket is taken for waiting for this long after they asked last. */
  pollPresenceMs: 30_000,
  /** How long the relay waits for new entries before it looks again at which drops there are. */
  relayBlockMs: 500,
  /** How long it lets entries gather after a publish that was not a full one. */
  relayGatherMs: 20,
  /** An outbox entry that a relay took and did not finish is taken over by another after this long. */
  relayTakeoverMs: 15_000,
  outboxPollMs: 100,
  /** A mail that its recipient's server refuses for now holds its partition up for no longer than this. */
  noticePatienceMs: 600_000,
  /** How often it is looked for drops to remind shoppers of, and for old rows to delete. */
  remindersEveryMs: 10_000,
  pruneEveryMs: 3_600_000,
  /** How often the payments worker looks for payments that are due, when it found none. */
  paymentsPollMs: 100,
  /** How often it is looked for checkouts and orders of the store whose time is over. */
  reservationsPollMs: 1_000,
  /** A payment that a worker took and did not finish is taken by another after this long. */
  paymentLeaseMs: 60_000,
  /** Once its money is taken, only our own servers are asked: whoever dies then is replaced sooner. */
  paymentStepLeaseMs: 10_000,
  /** A try whose outcome nobody knows is asked for again after this long, doubled each time. */
  paymentRetryMinMs: 500,
  paymentRetryMaxMs: 60_000,
  /** How often the provider is asked about a payment that waits for its shopper; a webhook is quicker. */
  paymentActionPollMs: 15_000,
  /** A permit to call a provider: lost after this long without a refresh, given on after this long of use, kept idle this long. */
  permitLockMs: 10_000,
  permitTenureMs: 5_000,
  permitIdleMs: 500,
  permitRetryMs: 50,
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
  /** What goes on failing in the same way is told this often. */
  repeatedWarningMs: 60_000,
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
  /** How often a round of reconciliation begins. What is younger than the grace is still under way, and left alone. */
  reconcileEveryMs: 5_000,
  reconcileGraceMs: 60_000,
  /** How far back orders are looked at, and the books of providers, which are read less often. */
  reconcileWindowMs: 48 * 3_600_000,
  reconcileBooksMs: 3 * 3_600_000,
  reconcileBooksEveryMs: 600_000,
  reconcileLockMs: 30_000,
  /** A rebalancer that died leads no longer than this. */
  rebalanceLockMs: 5_000,
  /** How long a payment provider that failed is left alone before it is tried with one call. */
  paymentRestMs: 5_000,
  /** Between two tries of a call to a payment provider, decorrelated. */
  paymentRetryMs: { first: 100, most: 2_000 },
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
  /** How long a replica that did not answer is left alone. */
  replicaRestMs: 5_000,
} as const;

/** How the holds, keys and answers of a drop outlive what they belong to. */
export const LIFETIMES = {
  /** How long after its arrival an order can be returned; then it is completed. */
  returnWindowMs: 30 * 24 * 3_600_000,
  /** An article that is sold out, comes back and is sold out again is told of once in so long. */
  alertQuietMs: 24 * 3_600_000,
  /** A cart that nobody touches: of a guest, and of an account. */
  guestCartMs: 7 * 24 * 3_600_000,
  cartMs: 30 * 24 * 3_600_000,
  /** How long the price and the exchange rate that a shopper was shown hold. */
  cartPriceLockMs: 30 * 60_000,
  /** How long a change made offline may lie back. */
  cartChangeMs: 7 * 24 * 3_600_000,
  /** A cart untouched for so long is reminded of, and again only when it was changed and this long later. */
  cartAbandonedMs: 24 * 3_600_000,
  cartRemindAgainMs: 7 * 24 * 3_600_000,
  /** How long one stream of a sale lasts, as long as an access token: who watches on comes again. */
  liveStreamMs: 15 * 60_000,
  /** How long a code is set aside for a checkout. */
  redemptionMs: 15 * 60_000,
  /** How long the units of a checkout are set aside, and its codes a little longer: they outlive the last try to order. */
  checkoutMs: 15 * 60_000,
  checkoutCodesMs: 16 * 60_000,
  /** How long the answer to an Idempotency-Key is known. */
  idempotencyKeyMs: 24 * 3_600_000,
  /** A call whose effect is not in one transaction with its key: after this long it is taken for dead. */
  idempotencyLeaseMs: 60_000,
  /** No write of a cart takes longer: until then its copy in Redis is not trusted. */
  cartWriteMs: 60_000,
  /** A cart's socket has to show a token again after this long. */
  cartSocketMs: 15 * 60_000,
  /** A session that is not refreshed for this long is over. */
  refreshTokenMs: 7 * 24 * 3_600_000,
  /** So long after its exchange the same refresh token from the same client is two calls at once, not a theft. */
  refreshGraceMs: 10_000,
  /** Keys of stock, claims and line are kept this long after the end of a drop. */
  dropKeysAfterEndMs: 7 * 24 * 3_600_000,
  /** What was mailed and what providers told is known for this long: longer than Kafka keeps the events that ask for mails. */
  noticesKeptMs: 90 * 24 * 3_600_000,
  /** How long the hold of a shopper lasts at least who has to confirm the payment at their bank. */
  actionHoldMs: 600_000,
  /** From the checkout on; how long units of the store are kept at most for who confirms payments at their bank. */
  storeHoldMostMs: 45 * 60_000,
  /** How long units of the store are kept for an order that somebody has to review. */
  reviewHoldMs: 24 * 3_600_000,
  /** How long Redis keeps what a cache loaded, and how often it was invalidated. */
  cacheMs: 120_000,
  cacheAgesMs: 3_600_000,
} as const;

const relations: readonly [boolean, string][] = [
  [
    LIMITS.relayBatch * (LIMITS.expireBatch + LIMITS.claimBatch) <= LIMITS.relayMessages,
    'what a relay takes at once fits its memory',
  ],
  [LIMITS.claimBatch <= LIMITS.claimQueue, 'a batch of claims fits the queue'],
  [
    LIMITS.transfersKept + LIMITS.transfersPerRound < LIMITS.transfersRemembered,
    'a round of transfers fits a journal that was just settled',
  ],
  [LIMITS.joinBatch <= LIMITS.joinQueue, 'a batch of joins fits the queue'],
  [LIMITS.ordersPartitions < LIMITS.ordersConnections, 'no batch of orders waits for a connection'],
  [
    LIMITS.accessTokenChars + LIMITS.ticketChars + LIMITS.nonceChars + LIMITS.proofChars + 256 <=
      LIMITS.socketFrameBytes,
    'the longest join fits a frame',
  ],
  [LIMITS.budgetDeadlineMs < LIMITS.joinDeadlineMs, 'a join outlives the wait for its budget'],
  [LIMITS.socketFrameBytes <= LIMITS.socketBackpressureBytes, 'a frame fits the back-pressure limit'],
  [LIMITS.unitsPerClaim <= LIMITS.unitsPerShopper, 'one claim may not exceed the most a shopper can have'],
  [
    LIMITS.unitsPerClaim * LIMITS.priceMinor <= Number.MAX_SAFE_INTEGER,
    'the amount of the largest claim is an exact integer',
  ],
  [
    LIFETIMES.dropKeysAfterEndMs > (LIMITS.holdSeconds + LIMITS.passSeconds) * 1_000,
    'keys outlive every hold (invariant 4)',
  ],
  [INTERVALS.relayTakeoverMs > 10 * INTERVALS.relayBlockMs, 'a relay that only waits is not taken for dead'],
  [INTERVALS.expireLookMs < 1_000, 'no hold begins and ends between two looks of a sweeper'],
  [INTERVALS.rebalanceEveryMs * 4 < INTERVALS.rebalanceLockMs, 'a leader may miss a refresh'],
  [INTERVALS.drawEveryMs * 4 < INTERVALS.drawLockMs, 'who draws may miss a refresh'],
  [INTERVALS.dropsSettleEveryMs * 4 < INTERVALS.dropsLockMs, 'who publishes drops may miss a refresh'],
  [INTERVALS.reconcileEveryMs * 4 < INTERVALS.reconcileLockMs, 'who reconciles may miss a refresh'],
  [INTERVALS.relayTakeoverMs * 2 < INTERVALS.reconcileGraceMs, 'what a dead relay left is taken over within the grace'],
  [INTERVALS.pickUpMs <= INTERVALS.graceMs, 'a called place waits no longer than an uncalled one'],
  [INTERVALS.pollPresenceMs < INTERVALS.graceMs, 'who asks in time does not lose the place between two questions'],
  [INTERVALS.admitEveryMs * 10 < INTERVALS.graceMs, 'an edge that misses some ticks is not taken for dead'],
  [
    LIMITS.paymentBudgetMs * 2 < INTERVALS.paymentLeaseMs,
    'who calls a payment provider is done while the payment is theirs',
  ],
  [LIMITS.paymentsBatch <= LIMITS.paymentsInHand, 'a batch of payments fits a hand'],
  [LIMITS.paymentCallMs < LIMITS.paymentBudgetMs, 'a call to a payment provider fits the budget of its step'],
  [LIFETIMES.refreshGraceMs < LIFETIMES.refreshTokenMs, 'the grace of a refresh token is a small part of its life'],
  [
    LIFETIMES.cacheAgesMs > 2 * (LIFETIMES.cacheMs + INTERVALS.cacheLoadMs),
    'no cache entry outlives the count of its invalidations',
  ],
  [INTERVALS.flagsEveryMs < 1_000, 'every store knows of a switch within a second'],
  [INTERVALS.admitEveryMs <= INTERVALS.headBroadcastMs, 'a broadcast has something new to say'],
];

for (const [holds, what] of relations) {
  if (!holds) throw new Error(`contracts/limits.ts contradicts itself: ${what}.`);
}
