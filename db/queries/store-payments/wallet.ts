/** What a shopper has in their wallets, and how it came to be. */
import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';

export interface WalletBalance {
  readonly currency: string;
  readonly balanceMinor: number;
}

export async function walletBalances(database: Pool | ClientBase, userId: string): Promise<WalletBalance[]> {
  const { rows } = await database.query<{ currency: string; balance: string | number }>({
    name: 'wallet-balances',
    text: `
      select currency, balance_minor as balance from ledger_accounts
      where kind = 'wallet' and owner_id = $1 order by currency limit 200`,
    values: [userId],
  });
  return rows.map(({ currency, balance }) => ({ currency, balanceMinor: exact(balance) }));
}

export interface WalletEntry {
  readonly id: string;
  readonly kind: 'payment' | 'refund' | 'top-up' | 'withdrawal';
  readonly orderId: string | null;
  readonly atMs: number;
  readonly currency: string;
  /** Above zero came in, below zero went out. */
  readonly amountMinor: number;
}

const ENTRIES = `
  select t.id, t.kind, t.order_id as "orderId", (extract(epoch from t.at) * 1000)::float8 as "atMs", a.currency,
    e.amount_minor as amount
  from ledger_accounts a
  join ledger_entries e on e.account_id = a.id
  join ledger_transfers t on t.id = e.transfer_id
  where a.kind = 'wallet' and a.owner_id = $1 and ($2::uuid is null or e.transfer_id < $2)
  order by e.transfer_id desc limit $3`;

/** The newest cause first. */
export async function walletEntries(
  database: Pool | ClientBase,
  userId: string,
  page: { readonly before?: string | undefined; readonly limit: number },
): Promise<WalletEntry[]> {
  type Row = Omit<WalletEntry, 'amountMinor'> & { readonly amount: string | number };
  const values = [userId, page.before ?? null, page.limit];
  const { rows } = await database.query<Row>({ name: 'wallet-entries', text: ENTRIES, values });
  return rows.map(({ amount, ...entry }) => ({ ...entry, amountMinor: exact(amount) }));
}
