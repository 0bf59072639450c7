/** The table of points as the shop was asked for it, row by row: `npm run fraud -- table` and a test hold it against the rules. */
import type { FraudFacts } from '../../contracts/fraud.ts';
import { FRAUD_RULES, scoreOrder, type Verdict, verdictOf } from './score.ts';

const DAY_MS = 24 * 3_600_000;

/** Of somebody of whom nothing speaks against them, at the very edge of every rule. */
export const HARMLESS: FraudFacts = {
  ...{ accountAgeMs: 7 * DAY_MS, accountBlocked: false, totalMinor: 100_000, currency: 'EUR' },
  ...{ addressesDiffer: false, ordersWithinHour: 5, flags: [], isGuest: false, disposableMail: false },
  ...{ hour: 12, units: 1, earlierOrders: 3, failedPayments: 0, accountsOnDevice: 1 },
};

export interface TableRow {
  readonly says: string;
  readonly facts: Partial<FraudFacts>;
  readonly score: number;
  readonly verdict: Verdict;
}

const young = { accountAgeMs: 7 * DAY_MS - 1 };
const large = { totalMinor: 100_001 };
const many = { ordersWithinHour: 6 };
const device = { flags: ['suspicious-device'] };

export const FRAUD_TABLE: readonly TableRow[] = [
  { says: 'nothing', facts: {}, score: 0, verdict: 'clear' },
  { says: 'account under 7 days', facts: young, score: 20, verdict: 'clear' },
  { says: 'total over 1,000', facts: large, score: 15, verdict: 'clear' },
  { says: 'addresses differ', facts: { addressesDiffer: true }, score: 10, verdict: 'clear' },
  { says: 'over 5 orders an hour', facts: many, score: 25, verdict: 'clear' },
  { says: 'suspicious device', facts: device, score: 30, verdict: 'clear' },
  { says: 'device, addresses differ', facts: { ...device, addressesDiffer: true }, score: 40, verdict: 'clear' },
  { says: 'orders, young account', facts: { ...many, ...young }, score: 45, verdict: 'review' },
  { says: 'device, young account', facts: { ...device, ...young }, score: 50, verdict: 'review' },
  { says: 'device, orders, total', facts: { ...device, ...many, ...large }, score: 70, verdict: 'review' },
  { says: 'device, orders, young account', facts: { ...device, ...many, ...young }, score: 75, verdict: 'blocked' },
  {
    says: 'all of them',
    facts: { ...young, ...large, ...many, ...device, addressesDiffer: true },
    score: 100,
    verdict: 'blocked',
  },
  { says: 'blocked account', facts: { accountBlocked: true }, score: 100, verdict: 'blocked' },
];

export interface CheckedRow extends TableRow {
  readonly got: { readonly score: number; readonly verdict: Verdict };
  readonly isRight: boolean;
}

export function checkTable(rows: readonly TableRow[] = FRAUD_TABLE): CheckedRow[] {
  return rows.map((row) => {
    const { score, verdict } = scoreOrder({ ...HARMLESS, ...row.facts });
    return { ...row, got: { score, verdict }, isRight: score === row.score && verdict === row.verdict };
  });
}

/** Where the bounds lie, by trying every score that there can be. */
export function bounds(): { readonly reviewFrom: number; readonly blockedFrom: number } {
  const most = FRAUD_RULES.reduce((sum, { points }) => sum + points, 0);
  const scores = Array.from({ length: most + 1 }, (_, score) => score);
  return {
    reviewFrom: scores.findIndex((score) => verdictOf(score) === 'review'),
    blockedFrom: scores.findIndex((score) => verdictOf(score) === 'blocked'),
  };
}
