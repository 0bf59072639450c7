import type { ClientBase, Pool } from 'pg';
import { exact } from '../exact.ts';
import { epochMs } from '../product-rows.ts';

export interface VariantContent {
  readonly title: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly price: number;
  readonly currency: string;
  readonly position: number;
}

export interface NewVariant extends VariantContent {
  readonly id: string;
  readonly sku: string;
}

/** All in one statement: what it means for their product is worked out once. */
export async function insertVariants(
  client: ClientBase,
  productId: string,
  variants: readonly NewVariant[],
): Promise<void> {
  await client.query({
    name: 'insert-variants',
    text: `
      insert into variants (id, product_id, sku, title, attributes, price_minor, currency, position)
      select id, $1::uuid, sku, title, attributes, price, currency, position
      from jsonb_to_recordset($2) as row (
        id uuid, sku text, title text, attributes jsonb, price bigint, currency text, position int
      )`,
    values: [productId, JSON.stringify(variants)],
  });
}

export interface OwnedVariant {
  readonly id: string;
  readonly productId: string;
}

/** The variant, while it is sold, for who may change it. Without a merchant, anybody's. */
export async function findOwnVariant(
  client: Pool | ClientBase,
  sku: string,
  merchantId: string | null,
): Promise<OwnedVariant | undefined> {
  const { rows } = await client.query<OwnedVariant>({
    name: 'find-own-variant',
    text: `
      select v.id, v.product_id as "productId" from variants v join products p on p.id = v.product_id
      where v.sku = $1 and v.archived_at is null and ($2::uuid is null or p.merchant_id = $2)`,
    values: [sku, merchantId],
  });
  return rows[0];
}

export async function updateVariant(client: ClientBase, variantId: string, content: VariantContent): Promise<void> {
  const { title, attributes, price, currency, position } = content;
  await client.query({
    name: 'update-variant',
    text: `
      update variants set title = $2, attributes = $3, price_minor = $4, currency = $5, position = $6, updated_at = now()
      where id = $1`,
    values: [variantId, title, JSON.stringify(attributes), price, currency, position],
  });
}

export async function archiveVariant(client: ClientBase, variantId: string): Promise<void> {
  await client.query({
    name: 'archive-variant',
    text: 'update variants set archived_at = now(), updated_at = now() where id = $1',
    values: [variantId],
  });
}

export async function deleteVariant(client: ClientBase, variantId: string): Promise<void> {
  await client.query({ name: 'delete-variant', text: 'delete from variants where id = $1', values: [variantId] });
}

/** Whether a drop or a shelf names it: such a variant is never removed. */
export async function isVariantNamed(client: ClientBase, sku: string): Promise<boolean> {
  const { rows } = await client.query<{ named: boolean }>({
    name: 'variant-is-named',
    text: `
      select exists (select from inventory where sku = $1) or exists (select from drop_skus where sku = $1) as named`,
    values: [sku],
  });
  return rows[0]?.named ?? false;
}

export async function countVariants(client: ClientBase, productId: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>({
    name: 'count-variants',
    text: 'select count(*)::int as count from variants where product_id = $1 and archived_at is null',
    values: [productId],
  });
  return rows[0]?.count ?? 0;
}

export interface PastPrice {
  readonly position: number;
  readonly price: number;
  readonly currency: string;
  readonly at: number;
}

/** The newest first; undefined for a variant that nobody is shown. */
export async function listPrices(
  database: Pool | ClientBase,
  asked: { readonly sku: string; readonly before: number | null; readonly limit: number },
): Promise<PastPrice[] | undefined> {
  const known = await database.query<{ id: string }>({
    name: 'find-shown-variant',
    text: `
      select v.id from variants v join products p on p.id = v.product_id
      where v.sku = $1 and v.archived_at is null and p.status = 'active'`,
    values: [asked.sku],
  });
  const variant = known.rows[0];
  if (variant === undefined) return undefined;
  const { rows } = await database.query<{ position: string; price: string; currency: string; at: number }>({
    name: 'list-prices',
    text: `
      select position, price_minor as price, currency, ${epochMs('at')} as at from price_history
      where variant_id = $1 and ($2::bigint is null or position < $2) order by position desc limit $3`,
    values: [variant.id, asked.before, asked.limit],
  });
  return rows.map(({ position, price, currency, at }) => ({
    position: exact(position),
    price: exact(price),
    currency,
    at,
  }));
}
