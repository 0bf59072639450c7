/** A product as it is stored: what every reader of one needs, in the words of the API. */

export interface ProductImage {
  readonly url: string;
  readonly alt: string;
}

export interface StoredVariant {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly price: number;
  readonly currency: string;
  readonly position: number;
  readonly inStock: boolean;
}

export interface Translation {
  readonly title: string;
  readonly description: string;
}

/** What a category or a brand is called where it is only mentioned. */
export interface Named {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

export type ProductStatus = 'draft' | 'active' | 'archived';

export interface StoredProduct {
  readonly id: string;
  readonly merchantId: string;
  readonly slug: string;
  readonly version: number;
  readonly status: ProductStatus;
  readonly language: string;
  readonly title: string;
  readonly description: string;
  readonly category: Named;
  readonly brand: Named | null;
  readonly tags: readonly string[];
  readonly images: readonly ProductImage[];
  readonly specifications: Readonly<Record<string, string>>;
  /** The mean of its reviews, 1 to 5; null without any. */
  readonly rating: number | null;
  readonly reviews: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly variants: readonly StoredVariant[];
  readonly translations: Readonly<Record<string, Translation>>;
}

/** Units on a shelf of an open warehouse that are promised to nobody, of the variant `v`. */
export const IS_IN_STOCK = `exists (
  select from inventory stock join warehouses place on place.id = stock.warehouse_id
  where stock.sku = v.sku and stock.on_hand > stock.reserved and place.is_active
)`;

/** Epoch milliseconds of a column. */
export const epochMs = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::float8`;
