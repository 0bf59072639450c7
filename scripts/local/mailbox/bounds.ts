/** What the local mailbox takes and keeps; it is for development, so a few of everything. */
export const BOUNDS = {
  mails: 200,
  mailBytes: 1_048_576,
  /** Of all mails together: the oldest go first. */
  keptBytes: 32 * 1_048_576,
  recipients: 100,
  connections: 64,
  refusals: 100,
  requestBytes: 16_384,
  refreshMs: 2_000,
} as const;
