import type { ClientBase } from 'pg';
import type { ProductImage, ProductStatus } from '../product-rows.ts';

export interface ProductContent {
  readonly categoryId: string;
  readonly brandId: string | null;
  readonly slug: string;
  readonly language: string;
  readonly title: string;
  readonly description: string;
  readonly specifications: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly images: readonly ProductImage[];
  readonly status: ProductStatus;
}

const contentOf = (content: ProductContent): unknown[] => [
  content.categoryId,
  content.brandId,
  content.slug,
  content.language,
  content.title,
  content.description,
  JSON.stringify(content.specifications),
  content.tags,
  JSON.stringify(content.images),
  content.status,
];

export async function insertProduct(
  client: ClientBase,
  product: ProductContent & { readonly id: string; readonly merchantId: string },
): Promise<void> {
  await client.query({
    name: 'insert-product',
    text: `
      insert into products (category_id, brand_id, slug, language, title, description, specifications, tags, images,
        status, id, merchant_id)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [...contentOf(product), product.id, product.merchantId],
  });
}

export interface OwnedProduct {
  readonly slug: string;
  readonly version: number;
  readonly merchantId: string;
  readonly isPublished: boolean;
}

/** The product for who may change it, kept from others until the transaction ends. Without a merchant, anybody's. */
export async function lockProduct(
  client: ClientBase,
  productId: string,
  merchantId: string | null,
): Promise<OwnedProduct | undefined> {
  const { rows } = await client.query<OwnedProduct>({
    name: 'lock-product',
    text: `
      select slug, version, merchant_id as "merchantId", published_at is not null as "isPublished"
      from products where id = $1 and ($2::uuid is null or merchant_id = $2) for update`,
    values: [productId, merchantId],
  });
  return rows[0];
}

export async function updateProduct(client: ClientBase, productId: string, content: ProductContent): Promise<void> {
  await client.query({
    name: 'update-product',
    text: `
      update products set category_id = $1, brand_id = $2, slug = $3, language = $4, title = $5, description = $6,
        specifications = $7, tags = $8, images = $9, status = $10, version = version + 1, updated_at = now()
      where id = $11`,
    values: [...contentOf(content), productId],
  });
}

/** Whether a drop or a shelf names one of its variants: such a product is never removed. */
export async function isNamedElsewhere(client: ClientBase, productId: string): Promise<boolean> {
  const { rows } = await client.query<{ named: boolean }>({
    name: 'product-is-named',
    text: `
      select exists (
        select from variants v where v.product_id = $1
          and (exists (select from inventory i where i.sku = v.sku) or exists (select from drop_skus d where d.sku = v.sku))
      ) as named`,
    values: [productId],
  });
  return rows[0]?.named ?? false;
}

export async function archiveProduct(client: ClientBase, productId: string): Promise<void> {
  await client.query({
    name: 'archive-product',
    text: `update products set status = 'archived', version = version + 1, updated_at = now() where id = $1`,
    values: [productId],
  });
}

export async function deleteProduct(client: ClientBase, productId: string): Promise<void> {
  await client.query({
    name: 'delete-variants',
    text: 'delete from variants where product_id = $1',
    values: [productId],
  });
  await client.query({ name: 'delete-product', text: 'delete from products where id = $1', values: [productId] });
}

export interface WrittenTranslation {
  readonly language: string;
  readonly title: string;
  readonly description: string;
}

export async function writeTranslation(client: ClientBase, productId: string, text: WrittenTranslation): Promise<void> {
  await client.query({
    name: 'write-translation',
    text: `
      with written as (
        insert into product_translations (product_id, language, title, description) values ($1, $2, $3, $4)
        on conflict (product_id, language) do update set title = excluded.title, description = excluded.description
        returning product_id
      )
      update products set version = version + 1, updated_at = now() from written where id = product_id`,
    values: [productId, text.language, text.title, text.description],
  });
}

/** False when there was none. */
export async function deleteTranslation(client: ClientBase, productId: string, language: string): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'delete-translation',
    text: `
      with gone as (
        delete from product_translations where product_id = $1 and language = $2 returning product_id
      )
      update products set version = version + 1, updated_at = now() from gone where id = product_id`,
    values: [productId, language],
  });
  return rowCount === 1;
}

export async function countTranslations(client: ClientBase, productId: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>({
    name: 'count-translations',
    text: 'select count(*)::int as count from product_translations where product_id = $1',
    values: [productId],
  });
  return rows[0]?.count ?? 0;
}
