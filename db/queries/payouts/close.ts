import type { ClientBase } from 'pg';
import { PAYOUT_COLUMNS, type Payout } from './report.ts';

/*
 * All lines that are in no payout and from before the end: also those that came late, after the period that they are of was
 * closed. So every line is in one payout, and none in two.
 */
const OPEN = `
  with previous as (
    select distinct on (merchant_id, currency) merchant_id, currency, number, until_at from payouts
    order by merchant_id, currency, number desc
  ), open as (
    select s.merchant_id, s.currency, min(s.at) as first_at, count(*)::int as lines,
      coalesce(sum(s.amount_minor) filter (where s.kind = 'payment'), 0)::bigint as sales,
      coalesce(-sum(s.amount_minor) filter (where s.kind = 'refund'), 0)::bigint as refunds,
      sum(s.fee_minor)::bigint as fees
    from settlements s
    where s.payout_id is null and s.merchant_id is not null and s.at < to_timestamp($1::float8 / 1000)
      and ($2::uuid is null or s.merchant_id = $2)
    group by 1, 2
  )
  insert into payouts (id, merchant_id, currency, number, from_at, until_at, sales_minor, refunds_minor, fees_minor,
    net_minor, lines, closed_by)
  select uuidv7(), o.merchant_id, o.currency, coalesce(p.number, 0) + 1, coalesce(p.until_at, o.first_at),
    to_timestamp($1::float8 / 1000), o.sales, o.refunds, o.fees, o.sales - o.refunds - o.fees, o.lines, $3
  from open o left join previous p on p.merchant_id = o.merchant_id and p.currency = o.currency
  where p.until_at is null or p.until_at < to_timestamp($1::float8 / 1000)
  order by o.merchant_id, o.currency limit $4
  returning ${PAYOUT_COLUMNS}`;

const ASSIGN = `
  update settlements s set payout_id = p.id from payouts p
  where p.id = any ($1::uuid[]) and s.merchant_id = p.merchant_id and s.currency = p.currency and s.payout_id is null
    and s.at < p.until_at`;

export interface Closing {
  readonly untilMs: number;
  /** Null is everybody. */
  readonly merchantId: string | null;
  readonly closedBy: string;
  readonly most: number;
}

/** Closes what is open up to a time, inside the caller's transaction, who holds the settling (settle.ts). */
export async function closePayouts(client: ClientBase, closing: Closing): Promise<Payout[]> {
  const values = [closing.untilMs, closing.merchantId, closing.closedBy, closing.most];
  const { rows } = await client.query<Payout>({ name: 'close-payouts', text: OPEN, values });
  const { rowCount } = await client.query(ASSIGN, [rows.map(({ id }) => id)]);
  const lines = rows.reduce((sum, payout) => sum + payout.lines, 0);
  if (rowCount !== lines) throw new Error(`Payouts of ${lines} lines took ${rowCount}: nothing is closed.`);
  return rows;
}

export async function setCommission(
  client: ClientBase,
  given: {
    readonly merchantId: string | null;
    readonly basisPoints: number;
    readonly validFromMs: number;
    readonly setBy: string;
  },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into commissions (merchant_id, basis_points, valid_from, set_by)
     select $1, $2, to_timestamp($3::float8 / 1000), $4
     where $1::uuid is null or exists (select from merchants where user_id = $1)
     on conflict do nothing`,
    [given.merchantId, given.basisPoints, given.validFromMs, given.setBy],
  );
  return rowCount === 1;
}
