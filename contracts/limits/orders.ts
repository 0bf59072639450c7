/** From a claim to a paid order: relay, orders, payments, reconciliation, dead letters. */

export const ORDERS_LIMITS = {
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
  /** Entries that a relay takes from an outbox at once; one tells of a whole batch of claims, or of expired holds. */
  relayBatch: 256,
  /** Messages that it can have in memory for them. */
  relayMessages: 100_000,
  /** Messages of one publish: about what one request carries. More together are copied about by the garbage collector. */
  relayPublish: 1_500,
  /** Messages in one database transaction of the orders worker. */
  ordersBatch: 1_000,
  /** Batches of different partitions that it has in hand at once: two at the database, one in the thread that prices them. */
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
  /** Months of orders that exist ahead of now: without a start or a worker for a year they go on being written. */
  monthsAhead: 12,
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
} as const;

export const ORDERS_INTERVALS = {
  /** How long the relay waits for new entries before it looks again at which drops there are. */
  relayBlockMs: 500,
  /** An outbox entry that a relay took and did not finish is taken over by another after this long. */
  relayTakeoverMs: 15_000,
  outboxPollMs: 100,
  /** How often the months ahead are looked after. */
  monthsEveryMs: 3_600_000,
  /** How often the payments worker looks for payments that are due, when it found none. */
  paymentsPollMs: 100,
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
  /** How often a round of reconciliation begins. What is younger than the grace is still under way, and left alone. */
  reconcileEveryMs: 5_000,
  reconcileGraceMs: 60_000,
  /** How far back orders are looked at, and the books of providers, which are read less often. */
  reconcileWindowMs: 48 * 3_600_000,
  reconcileBooksMs: 3 * 3_600_000,
  reconcileBooksEveryMs: 600_000,
  reconcileLockMs: 30_000,
  /** How long a payment provider that failed is left alone before it is tried with one call. */
  paymentRestMs: 5_000,
  /** Between two tries of a call to a payment provider, decorrelated. */
  paymentRetryMs: { first: 100, most: 2_000 },
} as const;

export const ORDERS_LIFETIMES = {
  /** How long the hold of a shopper lasts at least who has to confirm the payment at their bank. */
  actionHoldMs: 600_000,
} as const;
