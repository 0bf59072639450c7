/** The deadlines, caps and back-offs of this room. Their relations are asserted below, when the module is loaded. */
export const PLATFORM_LIMITS = {
  /** How long one check of readiness may take, and how long its answer is given to everyone who asks. */
  checkDeadlineMs: 1_000,
  readinessCacheMs: 250,
  /** A reason in a readiness report is for a glance; the log has the rest. */
  reasonChars: 200,
  opsRequestTimeoutMs: 5_000,
  opsHeaderBytes: 8_192,
  opsConnections: 64,

  /** Signals that follow the first one this soon belong to the same wish: a terminal, npm and the launcher all send one. */
  sameSignalMs: 1_000,

  logDepth: 6,
  logNodes: 500,
  logItems: 50,
  logTextChars: 4_000,
  logStackChars: 6_000,
  logCauses: 5,

  /** Tries of a transaction that the database undoes because it and another one waited for each other. */
  conflictTries: 5,

  /** Steps of orders that wait to be told to a collector of traces, in one message, how often, and how long it may take. */
  tracesWaiting: 4_096,
  traceBatch: 512,
  traceEveryMs: 1_000,
  traceExportMs: 5_000,

  /** How long a start waits for what is read now and then, such as a model. */
  firstReadMs: 2_000,

  redisFirstConnectionMs: 10_000,
  /** How long a start waits for a Redis that it can do without. */
  redisOptionalConnectionMs: 2_500,
  redisConnectTimeoutMs: 2_000,
  /** An answer that takes longer than this means a dead connection. A blocking command has to block for less. */
  redisAnswerMs: 5_000,
  redisReconnectMinMs: 50,
  redisReconnectMaxMs: 1_000,
  redisLoadingPollMs: 500,
  redisCloseMs: 2_000,

  /** One call of an object store, the tries of it, and the pause after the first one. */
  objectsCallMs: 10_000,
  objectsTries: 3,
  objectsRetryMs: 100,

  kafkaFirstConnectionMs: 10_000,
  kafkaConnectTimeoutMs: 2_000,
  kafkaRequestTimeoutMs: 10_000,
  /** How long the brokers may take to copy what is published to the replicas that are in sync. */
  kafkaAckTimeoutMs: 8_000,
  kafkaRetries: 4,
  kafkaRetryMinMs: 100,
  kafkaRetryMaxMs: 2_000,
  kafkaCheckMs: 2_000,
  /** The longest that a publish may take before its caller is told that the outcome is unknown. */
  kafkaPublishMs: 30_000,
  /** Below the brokers' usual 1 MiB for all that one request brings to one partition. */
  kafkaRequestBytes: 900_000,
  kafkaPublishesWaiting: 64,
  kafkaFirstJoinMs: 30_000,
  /** A member that vanished holds up its group for this long: its successor joins only after it. */
  kafkaSessionMs: 10_000,
  kafkaRebalanceMs: 60_000,
  kafkaHeartbeatMs: 2_000,
  kafkaFetchWaitMs: 500,
  /**
   * How long messages that trickle in may gather before the next ones are fetched. Each fetch, with the commit that
   * follows, costs broker and reader several times what a message does.
   */
  kafkaGatherMs: 50,
  /** So many messages of several partitions are handled as one batch where they may be; more are divided. */
  kafkaFewMessages: 200,
  /** Partitions of one fetch that are looked at together. */
  kafkaPartitionsOfRound: 256,
  kafkaFetchBytesPerPartition: 1_048_576,
  kafkaFetchBytes: 10 * 1_048_576,
  kafkaMaxBatch: 1_000,
  kafkaRedeliverMinMs: 100,
  kafkaRedeliverMaxMs: 10_000,
  kafkaCommitAttempts: 5,
  kafkaRejoinMaxMs: 2_000,
  kafkaTopicsMs: 15_000,
  /** A reading of a topic to which nothing comes for this long, though there is more, has failed. */
  kafkaBrowseQuietMs: 10_000,

  postgresConnectTimeoutMs: 5_000,
  postgresStatementMs: 30_000,
  /** A client gives up on a connection a little after the server should have given up on the statement. */
  postgresQueryMs: 35_000,
  postgresIdleInTransactionMs: 30_000,
  postgresIdleMs: 30_000,
} as const;

const L = PLATFORM_LIMITS;
const relations: readonly [boolean, string][] = [
  [L.redisConnectTimeoutMs < L.redisFirstConnectionMs, 'the first connection to Redis has time for several tries'],
  [L.redisConnectTimeoutMs < L.redisOptionalConnectionMs, 'also a Redis that nobody has to wait for is tried once'],
  [L.kafkaAckTimeoutMs < L.kafkaRequestTimeoutMs, 'the broker gives up on an acknowledgement before we give up on it'],
  [L.kafkaRequestTimeoutMs < L.kafkaPublishMs, 'a publish has time for a second try'],
  [L.kafkaGatherMs * 10 <= L.kafkaHeartbeatMs, 'who lets messages gather is not late with a heartbeat'],
  [L.kafkaHeartbeatMs * 3 < L.kafkaSessionMs, 'a consumer may miss two heartbeats'],
  [L.postgresStatementMs < L.postgresQueryMs, 'the server gives up on a statement first'],
];

for (const [holds, what] of relations) {
  if (!holds) throw new Error(`platform/limits.ts contradicts itself: ${what}.`);
}
