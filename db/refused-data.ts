import { DatabaseError } from 'pg';

/**
 * The database understood and will never take this data: a value out of range or malformed (class 22), a constraint or
 * a time in no month that exists (class 23), or one of our own triggers (class OD). Anything else, a lost connection
 * above all, may go well when tried again.
 */
export function isRefusedData(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && /^(2[23]|OD)/.test(error.code ?? '');
}
