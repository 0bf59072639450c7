import { describe, expect, it } from 'vitest';
import { CLOSE, mayReconnect } from './close-codes.ts';
import { DropgateError, describeError, ERROR_CODES, ERRORS, isErrorCode } from './errors.ts';

const PROMISED = [
  ...[
    'NOT_ADMITTED',
    'PASS_EXPIRED',
    'PASS_VOID',
    'LIMIT_REACHED',
    'SOLD_OUT',
    'NOT_STARTED',
    'ENDED',
    'PAUSED',
    'BUSY',
  ],
  ...['CHALLENGE_REQUIRED', 'RATE_LIMITED', 'BAD_MESSAGE', 'TOO_LARGE', 'UNAUTHENTICATED', 'KEY_REUSED'],
];

describe('the error catalogue', () => {
  it('has every code that the protocol promises', () => {
    expect(PROMISED.filter((code) => !isErrorCode(code))).toEqual([]);
    expect(isErrorCode('toString')).toBe(false);
  });

  it.each(ERROR_CODES)('%s has a status, a close code of ours and a sentence for people', (code) => {
    const entry = describeError(code);
    expect(entry.status).toBeGreaterThanOrEqual(400);
    expect(entry.status).toBeLessThan(600);
    expect(entry.text).toMatch(/^[A-Z].*\.$/);
    if (entry.close !== undefined) expect(Object.values(CLOSE)).toContain(entry.close);
  });

  it('tells clients to come back exactly where the same request may succeed', () => {
    for (const code of ERROR_CODES) {
      const { close, retryable } = describeError(code);
      if (close !== undefined) expect([code, mayReconnect(close)]).toEqual([code, retryable]);
    }
    expect(new Set(Object.values(CLOSE)).size).toBe(Object.values(CLOSE).length);
  });

  it('makes errors that carry code, retryability and cause', () => {
    const cause = new Error('connection refused');
    const error = new DropgateError('UNAVAILABLE', 'Redis is gone', { cause });
    expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: ERRORS.UNAVAILABLE.retryable, cause });
    expect(new DropgateError('UNAVAILABLE', 'never', { retryable: false }).retryable).toBe(false);
  });
});
