/** Mails. */

export const NOTICES_LIMITS = {
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
  /** Drops that one shopper can wait to be reminded of. */
  remindersPerUser: 200,
} as const;

export const NOTICES_INTERVALS = {
  /** A mail that its recipient's server refuses for now holds its partition up for no longer than this. */
  noticePatienceMs: 600_000,
  /** How often it is looked for drops to remind shoppers of, and for old rows to delete. */
  remindersEveryMs: 10_000,
  pruneEveryMs: 3_600_000,
} as const;

export const NOTICES_LIFETIMES = {
  /** What was mailed and what providers told is known for this long: longer than Kafka keeps the events that ask for mails. */
  noticesKeptMs: 90 * 24 * 3_600_000,
} as const;
