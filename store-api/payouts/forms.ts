import Type, { type Static } from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Payout, PayoutLine, Period } from '../../db/queries/payouts/report.ts';
import { Refusal } from '../plugins/problems.ts';

export const tags = ['payouts'];
const DAY_MS = 24 * 3_600_000;

export const Id = Type.String({ pattern: UUID_V7_PATTERN });
export const Time = (description: string) => Type.Integer({ minimum: 0, maximum: 4_102_444_800_000, description });
export const SpanShape = {
  from: Type.Optional(Time('Epoch milliseconds; 30 days before `to` unless it is said.')),
  to: Type.Optional(Time('Epoch milliseconds; now unless it is said.')),
  merchantId: Type.Optional(Type.String({ pattern: UUID_V7_PATTERN, description: 'Given by admins only.' })),
};

const minor = (description: string) => Type.Integer({ description: `${description} In minor units.` });
const Sums = {
  sales: minor('What was paid.'),
  refunds: minor('What went back.'),
  fees: minor('What the store keeps of it.'),
  net: minor('Sales less refunds and fees: what the merchant gets.'),
  lines: Type.Integer(),
};
export const Totals = Type.Object({ currency: Type.String(), ...Sums });

export const PayoutView = Type.Object({
  id: Type.String(),
  merchantId: Type.String(),
  number: Type.Integer({ description: 'Of the merchant and currency, from 1 on without a gap.' }),
  currency: Type.String(),
  from: Type.Integer(),
  to: Type.Integer(),
  ...Sums,
  closedAt: Type.Integer(),
});

export const Line = Type.Object({
  transferId: Type.String({ description: 'In the money ledger: the id of the payment or the refund.' }),
  orderId: Type.String(),
  kind: Type.Union([Type.Literal('payment'), Type.Literal('refund')]),
  currency: Type.String(),
  amount: minor('The merchant’s part; below zero of a refund.'),
  fee: minor('What the store keeps; below zero where it gives back.'),
  net: minor('Amount less fee.'),
  commission: Type.Integer({ description: 'In hundredths of a per cent.' }),
  at: Type.Integer(),
  payoutNumber: Type.Union([Type.Integer(), Type.Null()], { description: 'Null while the period is open.' }),
});

export function spanOf(
  nowMs: number,
  merchantId: string,
  { from, to }: { readonly from?: number; readonly to?: number },
): Period {
  const untilMs = to ?? nowMs;
  const fromMs = from ?? Math.max(0, untilMs - 30 * DAY_MS);
  if (fromMs >= untilMs || untilMs - fromMs > LIMITS.payoutDays * DAY_MS) {
    throw new Refusal('INVALID', { detail: `\`from\` before \`to\`, and no more than ${LIMITS.payoutDays} days.` });
  }
  return { merchantId, fromMs, untilMs };
}

export function shownPayout(payout: Payout): Static<typeof PayoutView> {
  const { id, merchantId, number, currency, fromMs: from, untilMs: to, closedAtMs: closedAt } = payout;
  return { id, merchantId, number, currency, from, to, ...shownSums(payout), closedAt };
}

export function shownSums({
  salesMinor: sales,
  refundsMinor: refunds,
  feesMinor: fees,
  netMinor: net,
  lines,
}: Pick<Payout, 'salesMinor' | 'refundsMinor' | 'feesMinor' | 'netMinor' | 'lines'>) {
  return { sales, refunds, fees, net, lines };
}

export function shownLine(line: PayoutLine): Static<typeof Line> {
  const { transferId, orderId, kind, currency, amountMinor, feeMinor, basisPoints, atMs, payoutNumber } = line;
  return {
    ...{ transferId, orderId, kind, currency, amount: amountMinor, fee: feeMinor, net: amountMinor - feeMinor },
    ...{ commission: basisPoints, at: atMs, payoutNumber },
  };
}
