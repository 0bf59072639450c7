import type { ClientBase } from 'pg';
import { boundsOf } from './take-due-payments.ts';

export interface WalletPayment {
  readonly orderId: string;
  readonly id: string;
}

export type WalletResult = 'paid' | 'short' | 'later';

/*
 * One payment of a wallet at a time: the others of the same batch come `later`, when its balance is known again. Wallets
 * are locked in the order of their ids, here and wherever else money moves, so that batches meet one another in turn.
 */
const PAY = `
  with asked as materialized (
    select p.order_id, p.id, p.amount_minor, p.currency, o.shopper_id
    from payments p join orders o on o.id = p.order_id
    where p.id = any ($1::uuid[]) and p.order_id = any ($2::uuid[]) and p.order_id between $3::uuid and $4::uuid
      and o.id between $3::uuid and $4::uuid and p.kind = 'wallet' and p.status = 'PENDING'
    order by p.id for update of p
  ), wallets as materialized (
    select id, owner_id, currency, balance_minor from ledger_accounts
    where kind = 'wallet' and (owner_id, currency) in (select shopper_id, currency from asked)
    order by id for no key update
  ), placed as materialized (
    select asked.*, wallets.id as wallet, coalesce(wallets.balance_minor, 0) as balance,
      row_number() over (partition by shopper_id, asked.currency order by asked.id) as turn
    from asked left join wallets on wallets.owner_id = asked.shopper_id and wallets.currency = asked.currency
  ), decided as materialized (
    select *, case when turn > 1 then 'later' when balance >= amount_minor then 'paid' else 'short' end as result
    from placed
  ), sales as materialized (
    select shop_account('sales', currency) as id, currency from (
      select distinct currency from decided where result = 'paid' and amount_minor > 0
    ) currencies
  ), transfers as (
    insert into ledger_transfers (id, kind, order_id)
    select id, 'payment', order_id from decided where result = 'paid' and amount_minor > 0
  ), entries as (
    insert into ledger_entries (transfer_id, account_id, amount_minor)
    select id, wallet, -amount_minor from decided where result = 'paid' and amount_minor > 0
    union all
    select decided.id, sales.id, amount_minor from decided join sales using (currency)
    where result = 'paid' and amount_minor > 0
  )
  select id, result from decided`;

/**
 * Moves the money of a batch of payments from the wallets of their shoppers, inside the caller's transaction, which has
 * to write the outcomes as well. A payment that is not answered for is not waiting for money any more.
 */
export async function payFromWallets(
  client: ClientBase,
  payments: readonly WalletPayment[],
): Promise<ReadonlyMap<string, WalletResult>> {
  if (payments.length === 0) return new Map();
  const orderIds = payments.map(({ orderId }) => orderId);
  const { rows } = await client.query<{ id: string; result: WalletResult }>({
    name: 'pay-from-wallets',
    text: PAY,
    values: [payments.map(({ id }) => id), orderIds, ...boundsOf(orderIds)],
  });
  return new Map(rows.map(({ id, result }) => [id, result]));
}
