/** How suspicious an order is, and why: rules as data and what a model says, their points added up. */

import type { FraudFacts, FraudOpinion } from '../../contracts/fraud.ts';
import { minorOfMajor } from '../money/currencies.ts';
import { askModel, pointsFor, type VersionedModel } from './model.ts';

export type { FraudFacts } from '../../contracts/fraud.ts';

export interface Signal {
  readonly signal: string;
  readonly points: number;
}

export type Verdict = 'clear' | 'review' | 'blocked';

export interface FraudDecision {
  readonly score: number;
  readonly verdict: Verdict;
  readonly signals: readonly Signal[];
  /** Of an order that is not clear, where there is a model. */
  readonly model: FraudOpinion | null;
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
  { signal: 'addresses-differ', points: 10, holds: ({ addressesDiffer }) => addressesDiffer === true },
  { signal: 'many-orders', points: 25, holds: ({ ordersWithinHour }) => ordersWithinHour > 5 },
  { signal: 'suspicious-device', points: 30, holds: ({ flags }) => flags.includes('suspicious-device') },
  // Whatever else is known: enough by itself.
  { signal: 'blocked-account', points: 100, holds: ({ accountBlocked }) => accountBlocked },
];

const BLOCKED_ABOVE = 70;
const REVIEW_ABOVE = 40;

/** Without a model the rules judge alone. */
export function scoreOrder(facts: FraudFacts, model?: VersionedModel): FraudDecision {
  const signals: Signal[] = [];
  let score = 0;
  for (const { signal, points, holds } of FRAUD_RULES) {
    if (!holds(facts)) continue;
    signals.push({ signal, points });
    score += points;
  }
  const points = model === undefined ? 0 : pointsFor(model, facts);
  if (points > 0) {
    signals.push({ signal: 'model', points });
    score += points;
  }
  const verdict = verdictOf(score);
  // Only a decision that somebody may ask about is explained.
  const said = model !== undefined && verdict !== 'clear' ? askModel(model, facts) : null;
  return { score, verdict, signals, model: said };
}

export function verdictOf(score: number): Verdict {
  if (score > BLOCKED_ABOVE) return 'blocked';
  return score > REVIEW_ABOVE ? 'review' : 'clear';
}
