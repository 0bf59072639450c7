export class ChildStartError extends Error {
  readonly child: string;
  /** It ran and ended, or did not answer: another try may go better. Otherwise somebody has to mend something first. */
  readonly retryable: boolean;
  constructor(child: string, reason: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(`${child} did not start: ${reason}`, { cause: options.cause });
    this.name = 'ChildStartError';
    this.child = child;
    this.retryable = options.retryable ?? false;
  }
}
