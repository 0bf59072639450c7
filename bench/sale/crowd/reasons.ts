/** Whether there was a reason for a refusal, as far as the shopper can know. SOLD_OUT is held against the stock elsewhere. */
import { LIMITS } from '../../../contracts/limits.ts';

export interface Facts {
  readonly nowMs: number;
  /** Does what no honest client does. */
  readonly attacks: boolean;
  /** End of the pass of this socket, or 0. */
  readonly passUntilMs: number;
  /** End of the last pass that this shopper had at any socket, or 0: what was asked with it can be asked again. */
  readonly lastPassUntilMs: number;
  readonly startsAtMs: number;
  /** When the drop was ended, or infinity. */
  readonly endedAtMs: number;
  /** Claims of this socket that were not answered, this one included. */
  readonly underWay: number;
}

export type Verdict = 'honest' | 'wrong' | 'if the limit was reached' | 'if the drop had ended';

/** What one message may be on its way. */
const TRAVEL_MS = 250;

export function judge(code: string, facts: Facts): Verdict {
  const { nowMs, attacks, passUntilMs, lastPassUntilMs, startsAtMs, endedAtMs, underWay } = facts;
  const honestIf = (is: boolean): Verdict => (is ? 'honest' : 'wrong');
  switch (code) {
    case 'SOLD_OUT':
    // Asked again until it is decided: what is never decided is unanswered.
    case 'BUSY':
      return 'honest';
    case 'NOT_ADMITTED':
      return honestIf(passUntilMs === 0);
    case 'PASS_EXPIRED':
      return honestIf(lastPassUntilMs > 0 && nowMs + TRAVEL_MS >= lastPassUntilMs);
    case 'LIMIT_REACHED':
    case 'PASS_VOID':
      return 'if the limit was reached';
    case 'NOT_STARTED':
      return honestIf(nowMs - TRAVEL_MS < startsAtMs);
    case 'ENDED':
      // An edge may know it before this process does.
      return endedAtMs === Number.POSITIVE_INFINITY ? 'if the drop had ended' : honestIf(nowMs >= endedAtMs);
    case 'RATE_LIMITED':
      return honestIf(underWay > LIMITS.claimsPerSocket);
    case 'UNAUTHENTICATED':
    case 'BAD_MESSAGE':
    case 'TOO_LARGE':
    case 'CHALLENGE_REQUIRED':
      return honestIf(attacks);
    default:
      return 'wrong';
  }
}
