/** What the database refuses, as the answer that its sender understands. Only what can really come of a request is named. */
import { isRefusedData } from '../../db/refused-data.ts';
import { Refusal } from '../plugins/problems.ts';

const BY_CONSTRAINT: Readonly<Record<string, readonly [Refusal['code'], string]>> = {
  products_slug_key: ['NAME_TAKEN', 'There is a product with this slug.'],
  variants_sku_key: ['NAME_TAKEN', 'There is a variant with this SKU.'],
  categories_slug_key: ['NAME_TAKEN', 'There is a category with this slug.'],
  brands_slug_key: ['NAME_TAKEN', 'There is a brand with this slug.'],
  products_merchant_id_fkey: ['INVALID', 'There is no such merchant.'],
  categories_parent_id_fkey: ['IN_USE', 'It has categories below it, or its parent is not there.'],
};

/** The same constraint is broken from two sides: by naming what is not there, and by removing what is named. */
const BY_CONSTRAINT_AND_SIDE: Readonly<Record<string, readonly [string, string]>> = {
  products_category_id_fkey: ['There is no such category.', 'Products are in this category.'],
  products_brand_id_fkey: ['There is no such brand.', 'Products are of this brand.'],
};

/** Undefined for what is no refusal. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!isRefusedData(error)) return undefined;
  if (error.code === 'ODC01') return new Refusal('INVALID', { detail: 'A category cannot be placed below itself.' });
  if (error.code === 'ODC02') {
    return new Refusal('INVALID', { detail: 'All variants of a product are priced in the same currency.' });
  }
  const constraint = error.constraint ?? '';
  const sides = BY_CONSTRAINT_AND_SIDE[constraint];
  if (sides !== undefined) {
    const isStillNamed = error.detail?.includes('still referenced') ?? false;
    return new Refusal(isStillNamed ? 'IN_USE' : 'INVALID', { detail: sides[isStillNamed ? 1 : 0] });
  }
  const known = BY_CONSTRAINT[constraint];
  return known === undefined ? undefined : new Refusal(known[0], { detail: known[1] });
}
