/** What an edge takes from shoppers, and the client that speaks to it. */

export const EDGE_LIMITS = {
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
  /** Passes without a socket that a process remembers to have told that nothing is left for them. */
  stalledPassesRemembered: 20_000,
  accessTokenChars: 2_048,
  ticketChars: 512,
  passChars: 512,
  idempotencyKeyChars: 64,
  nonceChars: 64,
  proofChars: 1_024,
  skuChars: 64,
  titleChars: 200,
  /** Claims that one socket may have under way. */
  claimsPerSocket: 4,
  /** Claims of one client that wait for their answer. */
  clientClaims: 16,
  /** Challenges that a client answers for one join. */
  clientProofs: 5,
  /** Keys of its claims that a socket remembers. */
  claimKeysPerSocket: 16,
  /** Drop definitions that an edge keeps in memory. */
  dropCacheEntries: 1_000,
} as const;

export const EDGE_INTERVALS = {
  /** How often an edge asks for admissions of a drop that somebody waits for. */
  admitEveryMs: 100,
  /** Who has no socket for longer than this when their turn comes has lost their place. */
  graceMs: 60_000,
  /** How long a pass that was called waits for its shopper to ask for it. */
  pickUpMs: 15_000,
  /** The least time between two broadcasts of one line: longer the more shoppers of an edge hear of it, within a second. */
  headBroadcastMs: 250,
  headMovePerShopperMs: 0.15,
  headMoveAtMostMs: 750,
  /** What is no move of the line, only a count, is told less often the more sockets hear of it, but never later than this. */
  headBroadcastPerShopperMs: 4,
  headBroadcastAtLeastMs: 5_000,
  /** How old an edge's copy of a drop may be, and of the stock that it shows. */
  dropRefreshMs: 1_000,
  stockRefreshMs: 250,
  /** From an older copy nobody is refused: the core is asked. */
  stockTrustedMs: 1_000,
  /** How often an edge compares its clock with that of the home shard. */
  clockAdjustMs: 10_000,
  /** An edge that stops sends its sockets away over this long. */
  drainMs: 2_000,
  drainStepMs: 50,
  /** A shopper without a socket is taken for waiting for this long after they asked last. */
  pollPresenceMs: 30_000,
} as const;
