import type { ClientBase, Pool } from 'pg';

/** Drops that are on and not known to be sold out: some of them, likewise. */
export async function findSelling(database: Pool, nowMs: number, limit: number): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>({
    name: 'find-selling-drops',
    text: `
      select id from drops where state = 'scheduled' and starts_at <= to_timestamp($1::float8 / 1000) and sold_out_at is null
        and published_revision >= revision
      order by random() limit $2`,
    values: [nowMs, limit],
  });
  return rows.map(({ id }) => id);
}

export interface SoldOutDrop {
  readonly merchantId: string;
  readonly title: string;
}

/** Undefined where it was noted before. */
export async function noteSoldOut(client: ClientBase, dropId: string): Promise<SoldOutDrop | undefined> {
  const { rows } = await client.query<SoldOutDrop>({
    name: 'note-sold-out',
    text: `
      update drops set sold_out_at = now() where id = $1 and sold_out_at is null
      returning merchant_id as "merchantId", title`,
    values: [dropId],
  });
  return rows[0];
}
