/** What the gateway keeps at most. Beyond it, it refuses: it is a development server, not a bank. */
export const BOUNDS = {
  bodyBytes: 64 * 1_024,
  connections: 4_000,
  intents: 2_000_000,
  idempotencyKeys: 4_000_000,
  /** Stripe keeps the answer to a key for at least a day. */
  keepKeysMs: 24 * 3_600_000,
  listPage: 100,
  metadataEntries: 50,
  metadataChars: 500,
  /** Stripe's own largest amount. */
  amountMinor: 99_999_999,
  webhookQueue: 100_000,
  webhooksAtOnce: 16,
  webhookTries: 8,
  webhookTimeoutMs: 10_000,
  /** How long an answer that never comes is held before the connection is cut. */
  holdMs: 120_000,
  /** Calls whose number of faulty answers is remembered. */
  faultyCalls: 200_000,
  /** Calls of one kind of fault that fail for one payment before it goes well. */
  faultyTries: 2,
} as const;
