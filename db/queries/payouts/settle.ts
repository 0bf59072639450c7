/** From transfers of the money ledger to what each merchant has in them. */
import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';

export interface UnsettledTransfer {
  readonly id: string;
  readonly orderId: string;
  readonly kind: 'payment' | 'refund';
  /** What sales have more, or less. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly atMs: number;
}

/*
 * From a little before what is settled: a transfer has the time at which its transaction began, and is seen when that ends.
 */
const FIND = `
  select t.id, t.order_id as "orderId", t.kind, e.amount_minor::float8 as "amountMinor", e.currency,
    floor(extract(epoch from t.at) * 1000)::float8 as "atMs"
  from ledger_transfers t
  join lateral (
    select sum(e.amount_minor) as amount_minor, min(a.currency) as currency
    from ledger_entries e join ledger_accounts a on a.id = e.account_id where e.transfer_id = t.id and a.kind = 'sales'
  ) e on e.amount_minor is not null
  where t.at >= (select settled_through - $2::float8 * interval '1 ms' from settlement_progress)
    and t.kind in ('payment', 'refund') and t.order_id is not null
    and not exists (select from settlements s where s.transfer_id = t.id)
  order by t.at, t.id limit $1`;

/** One caller at a time, until the transaction ends. */
export async function lockSettling(client: ClientBase): Promise<void> {
  await client.query(`select from settlement_progress for update`);
}

/** The oldest transfers that nobody has settled. */
export async function findUnsettled(client: ClientBase, limit: number, lagMs: number): Promise<UnsettledTransfer[]> {
  const values = [limit, lagMs];
  const { rows } = await client.query<UnsettledTransfer>({ name: 'find-unsettled', text: FIND, values });
  return rows;
}

/** Never further than the time of the database, which is that of the transfers: a clock that is ahead hides none of them. */
export async function settledThrough(client: ClientBase, atMs: number): Promise<void> {
  await client.query(
    `update settlement_progress
     set settled_through = greatest(settled_through, least(to_timestamp($1::float8 / 1000), now()))`,
    [atMs],
  );
}

export interface Settlement {
  readonly transferId: string;
  readonly merchantId: string | null;
  readonly orderId: string;
  readonly kind: 'payment' | 'refund';
  readonly currency: string;
  /** Below zero of a refund, as its fee. */
  readonly amountMinor: number;
  readonly basisPoints: number;
  readonly feeMinor: number;
  readonly atMs: number;
}

const INSERT = `
  insert into settlements (transfer_id, merchant_id, order_id, kind, currency, amount_minor, basis_points, fee_minor, at)
  select given.transfer_id, given.merchant_id, given.order_id, given.kind, given.currency, given.amount, given.basis_points,
    given.fee, t.at
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::int[], $8::bigint[])
    as given (transfer_id, merchant_id, order_id, kind, currency, amount, basis_points, fee)
  join ledger_transfers t on t.id = given.transfer_id
  on conflict do nothing`;

export async function insertSettlements(client: ClientBase, lines: readonly Settlement[]): Promise<void> {
  if (lines.length === 0) return;
  const of = <K extends keyof Settlement>(key: K) => lines.map((line) => line[key]);
  await client.query({
    name: 'insert-settlements',
    text: INSERT,
    values: [
      ...[of('transferId'), of('merchantId'), of('orderId'), of('kind'), of('currency'), of('amountMinor')],
      ...[of('basisPoints'), of('feeMinor')],
    ],
  });
}

export interface StoredCommission {
  readonly merchantId: string | null;
  readonly basisPoints: number;
  readonly validFromMs: number;
}

/** Everybody's, and those of these merchants. */
export async function findCommissions(
  client: ClientBase | Pool,
  merchantIds: readonly string[],
): Promise<StoredCommission[]> {
  const { rows } = await client.query<StoredCommission>({
    name: 'find-commissions',
    text: `select merchant_id as "merchantId", basis_points as "basisPoints",
        floor(extract(epoch from valid_from) * 1000)::float8 as "validFromMs"
      from commissions where merchant_id is null or merchant_id = any ($1::uuid[])`,
    values: [merchantIds],
  });
  return rows;
}

/** With which commission the payment of an order was settled, by order and merchant. */
export async function settledRates(
  client: ClientBase,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (orderIds.length === 0) return new Map();
  const { rows } = await client.query<{ orderId: string; merchantId: string; basisPoints: number }>({
    name: 'settled-rates',
    text: `select order_id as "orderId", merchant_id as "merchantId", max(basis_points) as "basisPoints" from settlements
      where order_id = any ($1::uuid[]) and kind = 'payment' and merchant_id is not null group by 1, 2`,
    values: [orderIds],
  });
  return new Map(rows.map(({ orderId, merchantId, basisPoints }) => [`${orderId} ${merchantId}`, exact(basisPoints)]));
}
