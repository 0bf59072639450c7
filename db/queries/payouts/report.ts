/** What merchants are owed, by time and by closed period. */
import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';

const ms = (column: string) => `floor(extract(epoch from ${column}) * 1000)::float8`;

export interface PayoutTotals {
  readonly currency: string;
  readonly salesMinor: number;
  readonly refundsMinor: number;
  readonly feesMinor: number;
  readonly netMinor: number;
  readonly lines: number;
}

const SUMS = `coalesce(sum(amount_minor) filter (where kind = 'payment'), 0)::float8 as "salesMinor",
  coalesce(-sum(amount_minor) filter (where kind = 'refund'), 0)::float8 as "refundsMinor",
  coalesce(sum(fee_minor), 0)::float8 as "feesMinor", coalesce(sum(amount_minor - fee_minor), 0)::float8 as "netMinor",
  count(*)::float8 as lines`;

export interface Period {
  readonly merchantId: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Of each currency by itself. */
export async function payoutTotals(database: Pool, { merchantId, fromMs, untilMs }: Period): Promise<PayoutTotals[]> {
  const { rows } = await database.query<PayoutTotals>({
    name: 'payout-totals',
    text: `select currency, ${SUMS} from settlements
      where merchant_id = $1 and at >= to_timestamp($2::float8 / 1000) and at < to_timestamp($3::float8 / 1000)
      group by currency order by currency`,
    values: [merchantId, fromMs, untilMs],
  });
  return rows;
}

export interface PayoutLine {
  readonly transferId: string;
  readonly orderId: string;
  readonly kind: 'payment' | 'refund';
  readonly currency: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly basisPoints: number;
  readonly atMs: number;
  /** Of the closed period that it was paid out with. */
  readonly payoutNumber: number | null;
}

/** The oldest first; `after` is the last one of the page before. */
export async function payoutLines(
  database: Pool,
  { merchantId, fromMs, untilMs }: Period,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<PayoutLine[]> {
  const { rows } = await database.query<PayoutLine>({
    name: 'payout-lines',
    text: `select s.transfer_id as "transferId", s.order_id as "orderId", s.kind, s.currency,
        s.amount_minor::float8 as "amountMinor", s.fee_minor::float8 as "feeMinor", s.basis_points as "basisPoints",
        ${ms('s.at')} as "atMs", p.number as "payoutNumber"
      from settlements s left join payouts p on p.id = s.payout_id
      where s.merchant_id = $1 and s.at >= to_timestamp($2::float8 / 1000) and s.at < to_timestamp($3::float8 / 1000)
        and ($4::uuid is null or (s.at, s.transfer_id) > (
          select at, transfer_id from settlements where merchant_id = $1 and transfer_id = $4::uuid
        ))
      order by s.at, s.transfer_id limit $5`,
    values: [merchantId, fromMs, untilMs, after, limit],
  });
  return rows;
}

export interface Payout {
  readonly id: string;
  readonly merchantId: string;
  readonly number: number;
  readonly currency: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly salesMinor: number;
  readonly refundsMinor: number;
  readonly feesMinor: number;
  readonly netMinor: number;
  readonly lines: number;
  readonly closedAtMs: number;
}

export const PAYOUT_COLUMNS = `id, merchant_id as "merchantId", number, currency, ${ms('from_at')} as "fromMs",
  ${ms('until_at')} as "untilMs", sales_minor::float8 as "salesMinor", refunds_minor::float8 as "refundsMinor",
  fees_minor::float8 as "feesMinor", net_minor::float8 as "netMinor", lines, ${ms('closed_at')} as "closedAtMs"`;

/** Closed periods, the newest first; of all merchants with null. `before` is the last one of the page before. */
export async function listPayouts(
  client: Pool | ClientBase,
  asked: { readonly merchantId: string | null; readonly before: string | null; readonly limit: number },
): Promise<Payout[]> {
  const { rows } = await client.query<Payout>({
    name: 'list-payouts',
    text: `select ${PAYOUT_COLUMNS} from payouts
      where ($1::uuid is null or merchant_id = $1) and ($2::uuid is null or id < $2) order by id desc limit $3`,
    values: [asked.merchantId, asked.before, asked.limit],
  });
  return rows;
}

/** Of one merchant, those that overlap a time. */
export async function payoutsWithin(database: Pool, { merchantId, fromMs, untilMs }: Period): Promise<Payout[]> {
  const { rows } = await database.query<Payout>({
    name: 'payouts-within',
    text: `select ${PAYOUT_COLUMNS} from payouts where merchant_id = $1 and until_at > to_timestamp($2::float8 / 1000)
      and from_at < to_timestamp($3::float8 / 1000) order by until_at, currency`,
    values: [merchantId, fromMs, untilMs],
  });
  return rows;
}

/** How many there are that no merchant has been given yet, from before a time. */
export async function countUnsettled(client: ClientBase, untilMs: number, lagMs: number): Promise<number> {
  const { rows } = await client.query<{ count: string | number }>(
    `select count(*) as count from ledger_transfers t
     where t.at >= (select settled_through - $2::float8 * interval '1 ms' from settlement_progress)
       and t.at < to_timestamp($1::float8 / 1000) and t.kind in ('payment', 'refund') and t.order_id is not null
       and not exists (select from settlements s where s.transfer_id = t.id)`,
    [untilMs, lagMs],
  );
  return exact(rows[0]?.count ?? 0);
}
