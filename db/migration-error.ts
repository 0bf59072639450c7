export type MigrationErrorCode =
  | 'BAD_MIGRATION_FILES'
  | 'DATABASE_IS_NEWER'
  | 'MIGRATION_CHANGED'
  | 'MIGRATION_GAP'
  | 'MIGRATION_FAILED';

/** Why a database was left as it was. The message says what to do; doing the same again helps with none of them. */
export class MigrationError extends Error {
  readonly code: MigrationErrorCode;
  readonly retryable = false;

  constructor(code: MigrationErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'MigrationError';
    this.code = code;
  }
}
