/** The files of exports, in pieces. */
import type { ClientBase, Pool } from 'pg';

export async function dropPrivacyFile(client: Pool | ClientBase, requestId: string): Promise<void> {
  const text = 'delete from privacy_files where request_id = $1::uuid';
  await client.query({ name: 'drop-privacy-file', text, values: [requestId] });
}

/** False once somebody else works on the request; then nothing is written. The lease goes on with each piece. */
export async function writePrivacyPiece(
  database: Pool,
  { id, tries }: { readonly id: string; readonly tries: number },
  { piece, data, leaseUntil }: { readonly piece: number; readonly data: Buffer; readonly leaseUntil: Date },
): Promise<boolean> {
  const text = `
    with mine as (
      update privacy_requests set due_at = $5 where id = $1::uuid and tries = $2 and state = 'working' returning id
    )
    insert into privacy_files (request_id, piece, data) select id, $3, $4 from mine`;
  const values = [id, tries, piece, data, leaseUntil];
  return (await database.query({ name: 'write-privacy-piece', text, values })).rowCount === 1;
}

/** One piece after the other, so that a reader that is slow holds no more than one. */
export async function* readPrivacyFile(database: Pool, requestId: string): AsyncGenerator<Buffer> {
  const text = 'select data from privacy_files where request_id = $1::uuid and piece = $2';
  for (let piece = 0; ; piece += 1) {
    const { rows } = await database.query<{ data: Buffer }>({
      name: 'read-privacy-piece',
      text,
      values: [requestId, piece],
    });
    const [row] = rows;
    if (row === undefined) return;
    yield row.data;
  }
}

/** Files whose time is over; says how many. */
export async function prunePrivacyFiles(database: Pool, now: Date, limit: number): Promise<number> {
  const text = `
    with over as (
      update privacy_requests set expires_at = null
      where id in (select id from privacy_requests where expires_at <= $1 order by expires_at limit $2)
      returning id
    ), gone as (delete from privacy_files where request_id in (select id from over))
    select count(*)::integer as count from over`;
  const { rows } = await database.query<{ count: number }>({
    name: 'prune-privacy-files',
    text,
    values: [now, limit],
  });
  return rows[0]?.count ?? 0;
}

/**
 * Addresses of orders that tax law asks for no longer, of everybody. Found by the time inside the ids of the orders, so
 * that only what is old is looked at; says how many.
 */
export async function pruneOrderAddresses(database: Pool, beforeMs: number, limit: number): Promise<number> {
  const text = `
    delete from order_addresses where order_id = any (array(
      select a.order_id from order_addresses a left join invoices i on i.order_id = a.order_id
      where a.order_id < (lpad(to_hex($1::double precision::bigint), 12, '0') || repeat('0', 20))::uuid
        and (i.issued_at is null or i.issued_at < to_timestamp($1::double precision / 1000))
      order by a.order_id limit $2
    ))`;
  return (await database.query({ name: 'prune-order-addresses', text, values: [beforeMs, limit] })).rowCount ?? 0;
}
