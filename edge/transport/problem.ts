/** Every refusal over HTTP is a problem document (RFC 9457) with a code from the catalogue, as the store's are. */
import { describeError, type ErrorCode } from '../../contracts/errors.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
  /** `application/json` unless given. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ProblemDetails {
  readonly detail?: string;
  readonly retryAfterMs?: number;
  /** Members of its own, such as a challenge to solve. */
  readonly more?: Readonly<Record<string, unknown>>;
}

const RETRY_AFTER_MS = 1_000;

export function problem(code: ErrorCode, { detail, retryAfterMs, more = {} }: ProblemDetails = {}): HttpAnswer {
  const { status, text, retryable } = describeError(code);
  const waitMs = retryAfterMs ?? (retryable && status === 503 ? RETRY_AFTER_MS : undefined);
  return {
    status,
    type: 'application/problem+json',
    headers: waitMs === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))) },
    body: {
      type: `urn:dropgate:${code}`,
      title: text,
      status,
      code,
      ...(detail === undefined ? {} : { detail }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...more,
    },
  };
}
