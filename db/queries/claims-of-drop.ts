import type { ClientBase } from 'pg';

/** A claim of a drop as its order remembers it. */
export interface DropClaim {
  readonly claimId: string;
  /** Empty for one that was claimed before keys were kept. */
  readonly key: string;
  readonly shopperId: string;
  readonly region: string;
  readonly sku: string;
  readonly quantity: number;
  readonly holdUntilMs: number;
  readonly state: 'held' | 'sold' | 'cancelled';
}

/*
 * What an order means for the stock of its drop. Goods that come back from a buyer were sold; an order that was cancelled
 * has given its units back, and a refund follows either way, so there the history decides.
 */
const DECLARE = `
  declare claims no scroll cursor for
  select o.id as "claimId", coalesce(o.claim_key, '') as key, o.shopper_id as "shopperId", o.region,
    i.sku, i.quantity, (extract(epoch from o.hold_until) * 1000)::float8 as "holdUntilMs",
    case
      when o.status in ('PENDING', 'REVIEW') then 'held'
      when o.status in ('CANCELLED', 'REFUND_PENDING') then 'cancelled'
      when o.status = 'REFUNDED' and exists (
        select from order_status_history h where h.order_id = o.id and h.status = 'CANCELLED'
      ) then 'cancelled'
      else 'sold'
    end as state
  from orders o join order_items i on i.order_id = o.id and i.line = 1
  where o.drop_id = $1 and o.source = 'drop'`;

/** Page by page, all as of one moment; in a transaction of its own. */
export async function* claimsOfDrop(
  client: ClientBase,
  dropId: string,
  pageRows: number,
): AsyncGenerator<readonly DropClaim[]> {
  await client.query('begin isolation level repeatable read read only');
  try {
    await client.query(DECLARE, [dropId]);
    for (;;) {
      const { rows } = await client.query<DropClaim>(`fetch ${Math.trunc(pageRows)} from claims`);
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await client.query('rollback');
  }
}
