/** What a refusal without a key (of the join, or of the whole socket) means for whoever wants a place. */
import { describeError, type ErrorCode } from '../errors.ts';

export function meaningOf(code: ErrorCode): 'prove' | 'later' | 'final' | 'close follows' {
  if (code === 'CHALLENGE_REQUIRED') return 'prove';
  const { close, retryable } = describeError(code);
  // Also where a close follows: it then tells better how much later.
  if (retryable) return 'later';
  return close === undefined ? 'final' : 'close follows';
}

/** The pass is of no use any more; a new place would be at the end of the line. */
export function endsPass(code: ErrorCode): boolean {
  return code === 'PASS_EXPIRED' || code === 'PASS_VOID';
}
