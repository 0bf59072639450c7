import { LIMITS } from '../../contracts/limits.ts';
import { type ExportedProduct, exportProducts } from '../../db/queries/export-products.ts';
import type { Reads } from '../caching/replica.ts';
import { guardCell, joinList, joinPairs, writePrice } from './cells.ts';
import type { Column } from './columns.ts';
import { COLUMNS } from './columns.ts';

type Row = Readonly<Record<Column, string>>;

/** Page after page, as fast as they are taken. */
export async function* exportedRows(reads: Reads, merchantId: string): AsyncGenerator<readonly string[]> {
  let after: string | null = null;
  for (;;) {
    const asked = { merchantId, after, limit: LIMITS.exportBatch };
    const page: ExportedProduct[] = await reads.read((from) => exportProducts(from, asked));
    for (const product of page) {
      for (const row of rowsOf(product)) yield COLUMNS.map((column) => guardCell(row[column]));
    }
    if (page.length < LIMITS.exportBatch) return;
    after = page.at(-1)?.id ?? null;
  }
}

function rowsOf(product: ExportedProduct): Row[] {
  const { slug, title, description, language, category, brand, status } = product;
  const shared = {
    ...{ slug, title, description, language, category, brand: brand ?? '', status },
    tags: joinList(product.tags),
    images: joinList(product.images.map(({ url, alt }) => (alt === '' ? url : `${url} ${alt}`))),
    specifications: joinPairs(product.specifications),
  };
  const none = { sku: '', variant: '', attributes: '', price: '', currency: '', position: '' };
  if (product.variants.length === 0) return [{ ...shared, ...none }];
  return product.variants.map(({ sku, title: variant, attributes, price, currency, position }) => ({
    ...shared,
    ...{ sku, variant, currency },
    attributes: joinPairs(attributes),
    price: writePrice(price, currency),
    position: String(position),
  }));
}
