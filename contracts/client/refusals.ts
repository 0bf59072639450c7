/** What a refusal without a key (of the join, or of the whole socket) means for whoever wants a place. */
import { describeError, type ErrorCode } from '../errors.ts';

export function meaningOf(code: ErrorCode): 'prove' | 'later' | 'final' | 'close follows' {
  if (code === 'CHALLENGE_REQUIRED') return 'prove';
  const { close, retryable } = describeError(code);
  if (close !== undefined) return 'close follows';
  return retryable ? 'later' : 'final';
}

/** The pass is of no use any more; a new place would be at the end of the line. */
export function endsPass(code: ErrorCode): boolean {
  return code === 'PASS_EXPIRED' || code === 'PASS_VOID';
}
