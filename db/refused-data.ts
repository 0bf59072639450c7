import { DatabaseError } from 'pg';

/**
 * The database understood and will never take this data: a value out of range or malformed (class 22), or a
 * constraint (class 23). Anything else, a lost connection above all, may go well when tried again.
 */
export function isRefusedData(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && /^2[23]/.test(error.code ?? '');
}
