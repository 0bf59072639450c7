/** Rows of a batch held against what is in the database: whose things they name, and whether those are there. */
import type { ImportSurroundings } from '../../db/queries/import-products.ts';
import type { CellError, ImportRow } from './columns.ts';

export interface BatchRow extends ImportRow {
  readonly line: number;
}

export function checkBatch(
  rows: readonly BatchRow[],
  around: ImportSurroundings,
  merchantId: string,
  refuse: (line: number, reasons: readonly CellError[]) => void,
): BatchRow[] {
  const currencies = new Map<string, string>();
  return rows.filter((row) => {
    const reasons = [...productErrors(row, around, merchantId), ...variantErrors(row, around, currencies)];
    if (reasons.length > 0) refuse(row.line, reasons);
    else if (row.variant !== null) currencies.set(row.product.slug, row.variant.currency);
    return reasons.length === 0;
  });
}

function productErrors({ product }: BatchRow, around: ImportSurroundings, merchantId: string): CellError[] {
  const { slug, category, brand } = product;
  const owner = around.products.get(slug)?.merchantId;
  return [
    ...errorIf(owner !== undefined && owner !== merchantId, 'slug', 'Somebody else has a product with this slug.'),
    ...errorIf(!around.categories.has(category), 'category', 'There is no such category.'),
    ...errorIf(brand !== null && brand !== '' && !around.brands.has(brand), 'brand', 'There is no such brand.'),
  ];
}

function variantErrors(
  { product: { slug }, variant }: BatchRow,
  around: ImportSurroundings,
  currencies: ReadonlyMap<string, string>,
): CellError[] {
  if (variant === null) return [];
  const owner = around.variants.get(variant.sku);
  const currency = around.products.get(slug)?.currency ?? currencies.get(slug) ?? variant.currency;
  const others = `The other variants of this product are priced in ${currency}.`;
  return [
    ...errorIf(owner !== undefined && owner !== slug, 'sku', 'Another product has a variant with this SKU.'),
    ...errorIf(currency !== variant.currency, 'currency', others),
  ];
}

function errorIf(isWrong: boolean, column: CellError['column'], reason: string): CellError[] {
  return isWrong ? [{ column, reason }] : [];
}
