/** The store's front: load, requests, JSON, people who sign in. */

export const STORE_LIMITS = {
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
} as const;

export const STORE_INTERVALS = {
  /** How often a store looks at its load, with which resolution, and how long it has to be calm to go back by one level. */
  loadSampleMs: 250,
  loadResolutionMs: 20,
  loadCalmMs: 2_000,
  /** How often a store looks at the switches of the operator. */
  flagsEveryMs: 500,
  /** What goes on failing in the same way is told this often. */
  repeatedWarningMs: 60_000,
  /** How long a replica that did not answer is left alone. */
  replicaRestMs: 5_000,
} as const;

export const STORE_LIFETIMES = {
  /** A session that is not refreshed for this long is over. */
  refreshTokenMs: 7 * 24 * 3_600_000,
  /** So long after its exchange the same refresh token from the same client is two calls at once, not a theft. */
  refreshGraceMs: 10_000,
} as const;
