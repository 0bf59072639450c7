import type { ClientBase } from 'pg';

const OPEN = `
  insert into ledger_accounts (id, kind, owner_id, currency)
  select uuidv7(), 'wallet', $2::uuid, currency from ledger_accounts
  where kind = 'wallet' and owner_id = $1::uuid and balance_minor > 0 order by currency
  on conflict (kind, owner_id, currency, provider, shard) do nothing`;

/* In the order of their ids, as everybody locks wallets. Who comes second finds nothing left. */
const MOVE = `
  with theirs as materialized (
    select id, owner_id, currency, balance_minor from ledger_accounts
    where kind = 'wallet' and owner_id in ($1::uuid, $2::uuid) order by id for no key update
  ), moved as materialized (
    select uuidv7() as id, before.id as source, after.id as target, before.balance_minor as amount
    from theirs before join theirs after on after.currency = before.currency
    where before.owner_id = $1::uuid and after.owner_id = $2::uuid and before.balance_minor > 0
  ), transfers as (
    insert into ledger_transfers (id, kind) select id, 'top-up' from moved
  )
  insert into ledger_entries (transfer_id, account_id, amount_minor)
  select id, target, amount from moved
  union all
  select id, source, -amount from moved`;

/** All that is in the wallet of one person goes into that of another, who they turned out to be. */
export async function moveWallet(client: ClientBase, fromId: string, toId: string): Promise<void> {
  await client.query({ name: 'open-wallet-of', text: OPEN, values: [fromId, toId] });
  await client.query({ name: 'move-wallet', text: MOVE, values: [fromId, toId] });
}
