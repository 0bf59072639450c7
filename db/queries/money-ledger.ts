/** The double entry of what goes through the shop's own accounts; that of wallets is in pay-from-wallets.ts and refunds.ts. */
import type { ClientBase, Pool } from 'pg';
import { exact } from '../exact.ts';
import { boundsOf } from './take-due-payments.ts';

export interface CapturedPayment {
  readonly orderId: string;
  readonly id: string;
}

/* A transfer has the id of its payment, so the same capture moves money once. */
const POST_CAPTURES = `
  with captured as materialized (
    select id, order_id, amount_minor, currency, kind = 'cod' as is_cash, coalesce(provider, 'unknown') as provider
    from payments
    where id = any ($1::uuid[]) and order_id = any ($2::uuid[]) and order_id between $3::uuid and $4::uuid
      and status in ('CAPTURED', 'SURPLUS') and kind is distinct from 'wallet' and amount_minor > 0
  ), transfers as (
    insert into ledger_transfers (id, kind, order_id) select id, 'payment', order_id from captured
    on conflict (id) do nothing
    returning id
  ), moved as materialized (
    select captured.* from captured join transfers using (id)
  ), accounts as materialized (
    select currency, is_cash, provider, shop_account('sales', currency) as sales,
      case when is_cash then shop_account('cash', currency) else shop_account('clearing', currency, provider) end as source
    from (select distinct currency, is_cash, provider from moved) kinds
  )
  insert into ledger_entries (transfer_id, account_id, amount_minor)
  select id, sales, amount_minor from moved join accounts using (currency, is_cash, provider)
  union all
  select id, source, -amount_minor from moved join accounts using (currency, is_cash, provider)`;

/**
 * Books what was taken from cards, or as cash, inside the transaction that writes it. The last statement of it: the account
 * of all sales of a currency is one row, which is locked from here to the commit (docs/PAYMENTS.md has the figures).
 */
export async function postCaptures(client: ClientBase, payments: readonly CapturedPayment[]): Promise<void> {
  if (payments.length === 0) return;
  const orderIds = payments.map(({ orderId }) => orderId);
  const values = [payments.map(({ id }) => id), orderIds, ...boundsOf(orderIds)];
  await client.query({ name: 'post-captures', text: POST_CAPTURES, values });
}

const POST_REFUNDS = `
  with given as materialized (
    select r.id, r.order_id, r.amount_minor, p.currency, coalesce(p.provider, 'unknown') as provider
    from refunds r join payments p on p.order_id = r.order_id and p.id = r.payment_id
    where r.id = any ($1::uuid[]) and p.order_id between $2::uuid and $3::uuid and r.status = 'DONE' and p.kind = 'card'
  ), transfers as (
    insert into ledger_transfers (id, kind, order_id) select id, 'refund', order_id from given
    on conflict (id) do nothing
    returning id
  ), moved as materialized (
    select given.* from given join transfers using (id)
  ), accounts as materialized (
    select currency, provider, shop_account('sales', currency) as sales,
      shop_account('clearing', currency, provider) as source
    from (select distinct currency, provider from moved) kinds
  )
  insert into ledger_entries (transfer_id, account_id, amount_minor)
  select id, sales, -amount_minor from moved join accounts using (currency, provider)
  union all
  select id, source, amount_minor from moved join accounts using (currency, provider)`;

/** Books what a provider gave back, inside the transaction that writes these refunds DONE, after it. */
export async function postRefunds(
  client: ClientBase,
  refunds: readonly { readonly refundId: string; readonly orderId: string }[],
): Promise<void> {
  if (refunds.length === 0) return;
  const values = [refunds.map(({ refundId }) => refundId), ...boundsOf(refunds.map(({ orderId }) => orderId))];
  await client.query({ name: 'post-refunds', text: POST_REFUNDS, values });
}

export interface LedgerLine {
  readonly transferId: string;
  readonly kind: 'payment' | 'refund' | 'top-up' | 'withdrawal';
  readonly atMs: number;
  readonly account: 'wallet' | 'sales' | 'funding' | 'clearing' | 'cash';
  /** Of a clearing account. */
  readonly provider: string | null;
  readonly currency: string;
  readonly amountMinor: number;
}

/** All money that moved for an order: each transfer adds up to nothing, those of `sales` to what the shop has kept. */
export async function moneyLedger(database: Pool | ClientBase, orderId: string): Promise<LedgerLine[]> {
  type Row = Omit<LedgerLine, 'amountMinor' | 'atMs'> & { readonly amountMinor: string | number; readonly at: Date };
  const { rows } = await database.query<Row>({
    name: 'money-ledger',
    text: `
      select t.id as "transferId", t.kind, t.at, a.kind as account, a.provider, a.currency, e.amount_minor as "amountMinor"
      from ledger_transfers t
      join ledger_entries e on e.transfer_id = t.id
      join ledger_accounts a on a.id = e.account_id
      where t.order_id = $1 order by t.at, t.id, e.amount_minor`,
    values: [orderId],
  });
  return rows.map(({ at, amountMinor, ...line }) => ({ ...line, atMs: at.getTime(), amountMinor: exact(amountMinor) }));
}
