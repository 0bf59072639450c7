/** What is sent to others: webhooks of merchants, web push. */

const minute = 60_000;
const hour = 60 * minute;

export const OUTGOING_LIMITS = {
  webhooksPerMerchant: 20,
  /** How long a receiver may take to answer, and how much of its answer is kept. */
  webhookDeadlineMs: 10_000,
  webhookAnswerBytes: 4_096,
  /** Deliveries under way in one process; of those, to receivers whose last answer was no good; and to one receiver. */
  webhooksAtOnce: 200,
  failingWebhooksAtOnce: 50,
  webhooksAtOncePerEndpoint: 8,
  /** Of one merchant, however many webhooks of theirs hang: the other places are for others. */
  webhooksAtOncePerMerchant: 40,
  failingWebhooksAtOncePerMerchant: 10,
  /** Waits between the tries of one delivery: eight tries within a day. */
  webhookRetriesMs: [10_000, minute, 5 * minute, 30 * minute, 2 * hour, 6 * hour, 14 * hour],
  /** A receiver that fails is left alone for so long after its first failure, doubled by each further one, at most. */
  webhookRestMinMs: 2_000,
  webhookRestMaxMs: 10 * minute,
  /** Failures in a row without which no receiver is switched off, however long it fails. */
  webhookFailures: 10,
  /** Dead letters that one call brings back. */
  webhookReplays: 10_000,
  pushSubscriptionsPerUser: 10,
  pushDeadlineMs: 10_000,
  /** Pushes under way in one process; of those to one push service, and to the browsers of one person. */
  pushesAtOnce: 50,
  pushesAtOncePerHost: 25,
  pushesAtOncePerUser: 5,
  pushTries: 6,
  pushRetryMinMs: 5_000,
  pushRetryMaxMs: 30 * minute,
  /** Of what is shown; with its wrapping it fits the 4 KB that push services take. */
  pushBodyChars: 500,
} as const;

export const OUTGOING_INTERVALS = {
  /** How often it is looked for deliveries that are due. */
  webhooksEveryMs: 500,
  pushesEveryMs: 500,
  /** Longer than a delivery can take: who died leaves it to the next after this. */
  deliveryLeaseMs: 30_000,
} as const;

export const OUTGOING_LIFETIMES = {
  /** How long the old secret of a webhook goes on being good, at most. */
  webhookSecretOverlapMs: 7 * 24 * hour,
  /** A receiver that has only failed for so long is switched off. */
  webhookFailingMs: 3 * 24 * hour,
  /** Events and how they were delivered, dead letters too, are shown and can be replayed for so long. */
  webhookEventsKeptMs: 30 * 24 * hour,
  /** A push that could not be delivered within this is of no use any more. */
  pushMs: 24 * hour,
  /** What was pushed is known for so long after that: longer than its event could come again. */
  pushesKeptMs: 8 * 24 * hour,
} as const;
