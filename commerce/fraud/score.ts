/** How suspicious an order is, and why: rules as data, their points added up. */
import { minorOfMajor } from '../money/currencies.ts';

export interface FraudFacts {
  readonly accountAgeMs: number;
  /** The account was blocked by somebody. */
  readonly accountBlocked: boolean;
  readonly totalMinor: number;
  readonly currency: string;
  /** The goods go elsewhere than the bill. Never so for a claim, which has neither address yet. */
  readonly addressesDiffer: boolean;
  /** Of this shopper within the last hour, this one included. */
  readonly ordersWithinHour: number;
  /** What is known of the shopper: risk_flags. */
  readonly flags: readonly string[];
}

export interface Signal {
  readonly signal: string;
  readonly points: number;
}

export type Verdict = 'clear' | 'review' | 'blocked';

export interface FraudDecision {
  readonly score: number;
  readonly verdict: Verdict;
  readonly signals: readonly Signal[];
}

const DAY_MS = 24 * 3_600_000;

interface Rule extends Signal {
  readonly holds: (facts: FraudFacts) => boolean;
}

export const FRAUD_RULES: readonly Rule[] = [
  { signal: 'new-account', points: 20, holds: ({ accountAgeMs }) => accountAgeMs < 7 * DAY_MS },
  {
    signal: 'large-total',
    points: 15,
    holds: ({ totalMinor, currency }) => totalMinor > minorOfMajor(1_000, currency),
  },
  { signal: 'addresses-differ', points: 10, holds: ({ addressesDiffer }) => addressesDiffer },
  { signal: 'many-orders', points: 25, holds: ({ ordersWithinHour }) => ordersWithinHour > 5 },
  { signal: 'suspicious-device', points: 30, holds: ({ flags }) => flags.includes('suspicious-device') },
  // Whatever else is known: enough by itself.
  { signal: 'blocked-account', points: 100, holds: ({ accountBlocked }) => accountBlocked },
];

const BLOCKED_ABOVE = 70;
const REVIEW_ABOVE = 40;

export function scoreOrder(facts: FraudFacts): FraudDecision {
  const signals: Signal[] = [];
  let score = 0;
  for (const { signal, points, holds } of FRAUD_RULES) {
    if (!holds(facts)) continue;
    signals.push({ signal, points });
    score += points;
  }
  return { score, verdict: verdictOf(score), signals };
}

export function verdictOf(score: number): Verdict {
  if (score > BLOCKED_ABOVE) return 'blocked';
  return score > REVIEW_ABOVE ? 'review' : 'clear';
}
