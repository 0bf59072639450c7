import type { ClientBase, Pool } from 'pg';
import { epochMs, IS_IN_STOCK, type StoredProduct } from '../product-rows.ts';

const SELECT = `
  select p.id, p.merchant_id as "merchantId", p.slug, p.version, p.status, p.language, p.title, p.description, p.tags,
    p.images, p.specifications, ${epochMs('p.created_at')} as "createdAt", ${epochMs('p.updated_at')} as "updatedAt",
    json_build_object('id', c.id, 'slug', c.slug, 'name', c.name) as category,
    case when b.id is not null then json_build_object('id', b.id, 'slug', b.slug, 'name', b.name) end as brand,
    nullif(s.rating_hundredths, 0) / 100.0::float8 as rating, coalesce(s.reviews, 0) as reviews,
    (
      select coalesce(json_agg(json_build_object(
        'id', v.id, 'sku', v.sku, 'title', v.title, 'attributes', v.attributes, 'price', v.price_minor,
        'currency', v.currency, 'position', v.position, 'inStock', ${IS_IN_STOCK}
      ) order by v.position, v.id), '[]')
      from variants v where v.product_id = p.id and v.archived_at is null
    ) as variants,
    (
      select coalesce(json_object_agg(t.language, json_build_object('title', t.title, 'description', t.description)), '{}')
      from product_translations t where t.product_id = p.id
    ) as translations
  from products p join categories c on c.id = p.category_id left join brands b on b.id = p.brand_id
    left join product_signals s on s.product_id = p.id`;

export interface ProductName {
  readonly id?: string;
  readonly slug?: string;
}

export async function findProduct(database: Pool | ClientBase, name: ProductName): Promise<StoredProduct | undefined> {
  const [column, value] = name.id === undefined ? (['slug', name.slug] as const) : (['id', name.id] as const);
  const { rows } = await database.query<StoredProduct>({
    name: `find-product-by-${column}`,
    text: `${SELECT} where p.${column} = $1`,
    values: [value],
  });
  return rows[0];
}

/** By their ids, at once: for a list of which most are in a cache. */
export async function findProducts(
  database: Pool | ClientBase,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredProduct>> {
  const { rows } = await database.query<StoredProduct>({
    name: 'find-products',
    text: `${SELECT} where p.id = any ((select $1::uuid[])::uuid[])`,
    values: [[...ids]],
  });
  return new Map(rows.map((row) => [row.id, row]));
}
