import type { ClientBase, Pool } from 'pg';

export interface Invoice {
  readonly number: string;
  readonly issuedAtMs: number;
}

const FIND = `
  select number, (extract(epoch from issued_at) * 1000)::float8 as "issuedAtMs" from invoices where order_id = $1`;

export async function findInvoice(database: Pool | ClientBase, orderId: string): Promise<Invoice | undefined> {
  return (await database.query<Invoice>({ name: 'find-invoice', text: FIND, values: [orderId] })).rows[0];
}

/*
 * The number is taken with the row of its year, which the next one waits for: a transaction that is undone gives its
 * number back, so there is never a hole. No sequence, as those do not go back.
 */
const ISSUE = `
  with taken as (
    insert into invoice_numbers (year, last) values (extract(year from to_timestamp($2::float8 / 1000) at time zone 'utc'), 1)
    on conflict (year) do update set last = invoice_numbers.last + 1
    returning year, last
  )
  insert into invoices (order_id, number, issued_at)
  select $1, year || '-' || case when last < 1000000 then lpad(last::text, 6, '0') else last::text end, to_timestamp($2::float8 / 1000) from taken`;

/** The invoice of this order, made now if there is none. The order is locked by the caller. */
export async function issueInvoice(client: ClientBase, orderId: string, nowMs: number): Promise<Invoice> {
  const known = await findInvoice(client, orderId);
  if (known !== undefined) return known;
  await client.query({ name: 'issue-invoice', text: ISSUE, values: [orderId, nowMs] });
  const made = await findInvoice(client, orderId);
  if (made === undefined) throw new Error('an invoice that was just made is not there');
  return made;
}
