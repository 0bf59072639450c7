export type PlatformErrorCode =
  | 'REDIS_UNREACHABLE'
  | 'KAFKA_UNREACHABLE'
  | 'KAFKA_CLOSED'
  | 'KAFKA_OUTCOME_UNKNOWN'
  | 'KAFKA_TOO_MANY_WAITING'
  | 'KAFKA_MESSAGE_TOO_LARGE'
  | 'KAFKA_TOPICS_FAILED'
  | 'KAFKA_BROWSE_STUCK'
  | 'MAIL_NOT_SENT'
  | 'BAD_OBJECT_KEY'
  | 'OBJECTS_UNREACHABLE'
  | 'CLICKHOUSE_UNREACHABLE'
  | 'COMMIT_OUTCOME_UNKNOWN'
  | 'TRANSACTION_ABORTED'
  | 'NUMBER_TOO_LARGE'
  | 'DEADLINE_EXCEEDED';

/** A failure of something outside this process. `retryable`: doing the very same again is right and may succeed. */
export class PlatformError extends Error {
  readonly code: PlatformErrorCode;
  readonly retryable: boolean;

  constructor(code: PlatformErrorCode, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'PlatformError';
    this.code = code;
    this.retryable = options.retryable;
  }
}
