import type { ClientBase } from 'pg';

export interface TopUp {
  /** The same id tops up once. */
  readonly id: string;
  readonly ownerId: string;
  readonly currency: string;
  readonly amountMinor: number;
}

const ACCOUNTS = `
  insert into ledger_accounts (id, kind, owner_id, currency)
  select uuidv7(), 'wallet', owner_id, currency from (
    select distinct owner_id, currency from unnest($1::uuid[], $2::text[]) as w (owner_id, currency)
  ) accounts
  on conflict (kind, owner_id, currency, provider, shard) do nothing`;

const MOVE = `
  with asked as materialized (
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[]) as asked (id, owner_id, currency, amount)
  ), transfers as (
    insert into ledger_transfers (id, kind) select id, 'top-up' from asked
    on conflict (id) do nothing
    returning id
  ), funding as materialized (
    select shop_account('funding', currency) as id, currency from (select distinct currency from asked) currencies
  )
  insert into ledger_entries (transfer_id, account_id, amount_minor)
  select asked.id, wallet.id, amount
  from asked join transfers using (id)
  join ledger_accounts wallet on wallet.currency = asked.currency and wallet.owner_id = asked.owner_id and wallet.kind = 'wallet'
  union all
  select asked.id, funding.id, -amount from asked join transfers using (id) join funding using (currency)`;

/** Money that comes into wallets from outside, inside the caller's transaction. A wallet is made when it is first filled. */
export async function topUpWallets(client: ClientBase, topUps: readonly TopUp[]): Promise<void> {
  const owners = topUps.map(({ ownerId }) => ownerId);
  const currencies = topUps.map(({ currency }) => currency);
  await client.query(ACCOUNTS, [owners, currencies]);
  const ids = topUps.map(({ id }) => id);
  await client.query(MOVE, [ids, owners, currencies, topUps.map(({ amountMinor }) => amountMinor)]);
}
