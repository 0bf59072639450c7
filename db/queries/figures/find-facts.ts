/** What figures name by id only. */
import type { ClientBase } from 'pg';

export async function merchantsOfProducts(
  client: ClientBase,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (productIds.length === 0) return new Map();
  const { rows } = await client.query<{ id: string; merchantId: string }>({
    name: 'merchants-of-products',
    text: 'select id, merchant_id as "merchantId" from products where id = any ($1::uuid[])',
    values: [productIds],
  });
  return new Map(rows.map(({ id, merchantId }) => [id, merchantId]));
}

const OF_CHECKOUTS = `
  select c.id, array_agg(distinct line ->> 'merchantId') as "merchantIds"
  from checkouts c cross join lateral jsonb_array_elements(c.body -> 'lines') as line
  where c.id = any ($1::uuid[]) and line ->> 'merchantId' is not null group by c.id`;

export async function merchantsOfCheckouts(
  client: ClientBase,
  checkoutIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (checkoutIds.length === 0) return new Map();
  const { rows } = await client.query<{ id: string; merchantIds: string[] }>({
    name: 'merchants-of-checkouts',
    text: OF_CHECKOUTS,
    values: [checkoutIds],
  });
  return new Map(rows.map(({ id, merchantIds }) => [id, merchantIds]));
}
