import type { ClientBase, Pool } from 'pg';
import type { ProductImage, ProductStatus } from '../product-rows.ts';

export interface ExportedProduct {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly language: string;
  readonly category: string;
  readonly brand: string | null;
  readonly tags: readonly string[];
  readonly images: readonly ProductImage[];
  readonly specifications: Readonly<Record<string, string>>;
  readonly status: ProductStatus;
  readonly variants: readonly {
    readonly sku: string;
    readonly title: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly price: number;
    readonly currency: string;
    readonly position: number;
  }[];
}

/** The next products of a merchant after one, in the order in which they were made. */
export async function exportProducts(
  database: Pool | ClientBase,
  asked: { readonly merchantId: string; readonly after: string | null; readonly limit: number },
): Promise<ExportedProduct[]> {
  const { rows } = await database.query<ExportedProduct>({
    name: 'export-products',
    text: `
      select p.id, p.slug, p.title, p.description, p.language, c.slug as category, b.slug as brand, p.tags, p.images,
        p.specifications, p.status, (
          select coalesce(json_agg(json_build_object(
            'sku', v.sku, 'title', v.title, 'attributes', v.attributes, 'price', v.price_minor, 'currency', v.currency,
            'position', v.position
          ) order by v.position, v.id), '[]')
          from variants v where v.product_id = p.id and v.archived_at is null
        ) as variants
      from products p join categories c on c.id = p.category_id left join brands b on b.id = p.brand_id
      where p.merchant_id = $1 and ($2::uuid is null or p.id > $2) order by p.id limit $3`,
    values: [asked.merchantId, asked.after, asked.limit],
  });
  return rows;
}
