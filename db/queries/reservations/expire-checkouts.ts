import type { ClientBase } from 'pg';

/** Whoever is placing the order of one at this moment has it locked, and keeps it. */
const EXPIRE = `
  with over as materialized (
    select id from checkouts where status = 'OPEN' and expires_at <= now()
    order by expires_at limit $1 for update skip locked
  )
  update checkouts set status = 'EXPIRED', updated_at = now() from over where checkouts.id = over.id
  returning checkouts.id`;

/** Ends checkouts whose time is over, and says which. Their units are the caller's to give back, in the same transaction. */
export async function expireCheckouts(client: ClientBase, most: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>({ name: 'expire-checkouts', text: EXPIRE, values: [most] });
  return rows.map(({ id }) => id);
}
