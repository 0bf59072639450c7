/** What the audit asks of PostgreSQL about a drop as a whole. Each answers with what is wrong, and nothing when all is well. */
import type { ClientBase, Pool } from 'pg';

type Database = Pool | ClientBase;

/* An order that was cancelled does not count towards a limit, also after its refund. */
const COUNTING = `
  o.drop_id = $1 and o.status not in ('CANCELLED', 'REFUND_PENDING') and not (
    o.status = 'REFUNDED' and exists (
      select from order_status_history h where h.order_id = o.id and h.status = 'CANCELLED'
    )
  )`;

/** Shoppers who have more units than they may. */
export async function shoppersOverLimit(database: Database, dropId: string, limit: number): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select o.shopper_id as id from orders o join order_items i on i.order_id = o.id
     where ${COUNTING} group by o.shopper_id having sum(i.quantity) > $2 order by 1`,
    [dropId, limit],
  );
  return rows.map(({ id }) => id);
}

/** Orders that stand for a claim that another order stands for: same shopper, same key. The first of them is not told. */
export async function repeatedClaims(database: Database, dropId: string): Promise<string[]> {
  const { rows } = await database.query<{ ids: string[] }>(
    `select (array_agg(id order by id))[2:] as ids from orders
     where drop_id = $1 and claim_key is not null
     group by shopper_id, claim_key having count(*) > 1`,
    [dropId],
  );
  return rows.flatMap(({ ids }) => ids);
}

export interface DueWork {
  readonly payments: number;
  readonly refunds: number;
}

/** What the payments worker has before it. */
export async function dueWork(database: Database, dropId: string): Promise<DueWork> {
  const { rows } = await database.query<DueWork>(
    `select
       (select count(*)::int from payments p join orders o on o.id = p.order_id
        where p.due_at is not null and o.drop_id = $1) as payments,
       (select count(*)::int from refunds r join orders o on o.id = r.order_id
        where r.due_at is not null and r.status = 'PENDING' and o.drop_id = $1) as refunds`,
    [dropId],
  );
  return rows[0] ?? { payments: 0, refunds: 0 };
}

const OF_DROP = 'select t.id, t.kind from ledger_transfers t join orders o on o.id = t.order_id where o.drop_id = $1';

export interface Wallets {
  readonly transfers: number;
  readonly unbalanced: readonly string[];
  readonly accounts: number;
  /** Accounts that this drop moved money of, whose balance is not the sum of their entries. */
  readonly wrongBalances: readonly string[];
  /** Payments and refunds whose transfer is missing, of another amount, or there for nothing. */
  readonly wrongMoves: readonly string[];
}

/*
 * A payment or a refund of nothing moves nothing. All other money that the shop took or gave back went through sales; cash
 * is given back to a wallet.
 */
const WRONG_MOVES = `
  with moves as (
    select p.id, p.order_id, 'payment'::ledger_transfer_kind as kind,
      p.status in ('CAPTURED', 'SURPLUS') and p.amount_minor > 0 as moved, p.amount_minor as amount,
      p.kind = 'wallet' as by_wallet
    from payments p join orders o on o.id = p.order_id where o.drop_id = $1
    union all
    select r.id, r.order_id, 'refund', r.status = 'DONE', -r.amount_minor, p.kind in ('wallet', 'cod')
    from refunds r join orders o on o.id = r.order_id
    join payments p on p.order_id = r.order_id and p.id = r.payment_id
    where o.drop_id = $1
  ), transfers as (
    select t.id, t.kind, sum(e.amount_minor) filter (where a.kind = 'sales') as amount,
      coalesce(bool_or(a.kind = 'wallet'), false) as by_wallet
    from (${OF_DROP}) t
    left join ledger_entries e on e.transfer_id = t.id left join ledger_accounts a on a.id = e.account_id
    group by t.id, t.kind
  )
  select coalesce(m.id, t.id) as id from moves m full join transfers t on t.id = m.id and t.kind = m.kind
  where (m.moved is true) <> (t.id is not null) or (m.moved and (m.amount, m.by_wallet) is distinct from (t.amount, t.by_wallet))
  order by 1`;

export async function auditWallets(database: Database, dropId: string): Promise<Wallets> {
  const ids = async (text: string): Promise<string[]> => {
    const { rows } = await database.query<{ id: string }>(text, [dropId]);
    return rows.map(({ id }) => id);
  };
  const unbalanced = await ids(
    `select t.id from (${OF_DROP}) t left join ledger_entries e on e.transfer_id = t.id
     group by t.id having coalesce(sum(e.amount_minor), 0) <> 0 or count(e.*) < 2 order by 1`,
  );
  const accounts = `select distinct e.account_id as id from (${OF_DROP}) t join ledger_entries e on e.transfer_id = t.id`;
  const wrongBalances = await ids(
    `select a.id from ledger_accounts a where a.id in (${accounts})
     and a.balance_minor <> (select coalesce(sum(amount_minor), 0) from ledger_entries where account_id = a.id)
     order by 1`,
  );
  const wrongMoves = await ids(WRONG_MOVES);
  const { rows } = await database.query<{ transfers: number; accounts: number }>(
    `select (select count(*)::int from (${OF_DROP}) t) as transfers, (select count(*)::int from (${accounts}) a) as accounts`,
    [dropId],
  );
  return {
    transfers: rows[0]?.transfers ?? 0,
    accounts: rows[0]?.accounts ?? 0,
    unbalanced,
    wrongBalances,
    wrongMoves,
  };
}
