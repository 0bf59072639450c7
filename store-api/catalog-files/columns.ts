/** The columns of a catalog file, one row a variant, and what is wrong with a row that cannot be taken. */
import Type, { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { LIMITS } from '../../contracts/limits.ts';
import type { ProductImage, ProductStatus } from '../../db/product-rows.ts';
import type { ImportedProduct, ImportedVariant } from '../../db/queries/import-products.ts';
import {
  Currency,
  Description,
  Image,
  Language,
  Line,
  NewVariantBody,
  ProductBody,
  Sku,
  Slug,
} from '../products/schemas.ts';
import { readPrice, splitList, splitPairs, unguardCell } from './cells.ts';

export const COLUMNS = [
  ...(['slug', 'title', 'description', 'language', 'category', 'brand', 'tags', 'images', 'specifications'] as const),
  ...(['status', 'sku', 'variant', 'attributes', 'price', 'currency', 'position'] as const),
] as const;
export type Column = (typeof COLUMNS)[number];
export type Cells = Partial<Record<Column, string>>;

export const NEEDED_COLUMNS: readonly Column[] = ['slug', 'title', 'category', 'sku', 'price', 'currency'];

export function isColumn(name: string): name is Column {
  return COLUMNS.some((column) => column === name);
}

export interface CellError {
  readonly column: Column;
  readonly reason: string;
}

export interface ImportRow {
  readonly product: ImportedProduct;
  /** Null of a product that has none yet. */
  readonly variant: ImportedVariant | null;
}

/** Kept as they are; of all others, spaces around them mean nothing. */
const FREE_TEXTS: ReadonlySet<Column> = new Set<Column>(['title', 'description', 'variant']);

type Reader<T> = (cell: string) => T | undefined;

function checked<T>(schema: TSchema, read: Reader<T>): Reader<T> {
  const checker = Compile(schema);
  return (cell) => {
    const value = read(cell);
    return value !== undefined && checker.Check(value) ? value : undefined;
  };
}

const asIs: Reader<string> = (cell) => cell;
const whole: Reader<number> = (cell) => (/^\d{1,9}$/.test(cell) ? Number(cell) : undefined);
const STATUSES: readonly ProductStatus[] = ['draft', 'active', 'archived'];

const read = {
  slug: checked(Slug(), asIs),
  title: checked(Line(), asIs),
  description: checked(Description(), asIs),
  language: checked(Language(), asIs),
  tags: checked(ProductBody.properties.tags, splitList),
  images: checked(Type.Array(Image, { maxItems: LIMITS.imagesPerProduct }), readImages),
  specifications: checked(ProductBody.properties.specifications, splitPairs),
  status: (cell: string) => STATUSES.find((status) => status === cell),
  sku: checked(Sku(), asIs),
  variant: checked(NewVariantBody.properties.title, asIs),
  attributes: checked(NewVariantBody.properties.attributes, splitPairs),
  currency: checked(Currency(), asIs),
  position: checked(NewVariantBody.properties.position, whole),
  price: checked(NewVariantBody.properties.price, (cell: string) => (cell === '' ? undefined : Number(cell))),
};

/** The address, then what the picture shows. */
function readImages(cell: string): ProductImage[] {
  return splitList(cell).map((part) => {
    const at = part.indexOf(' ');
    return at < 0 ? { url: part, alt: '' } : { url: part.slice(0, at), alt: part.slice(at + 1).trim() };
  });
}

const WHY: Readonly<Record<Column, string>> = {
  slug: 'Small letters, digits and single dashes, up to 200.',
  title: 'A text of 1 to 200 characters.',
  description: 'A text of up to 20000 characters.',
  language: 'A language such as en or de-CH.',
  category: 'The slug of a category.',
  brand: 'The slug of a brand, or nothing.',
  tags: 'Different tags with | between them.',
  images: 'Addresses that begin with https://, each with what the picture shows after a space, with | between them.',
  specifications: 'name=value with | between them.',
  status: 'draft, active or archived.',
  sku: 'Letters, digits, dots, dashes and underscores, up to 64.',
  variant: 'A text of up to 200 characters.',
  attributes: 'name=value with | between them.',
  price: 'An amount such as 49.00, with no more decimals than the currency has.',
  currency: 'A currency such as USD.',
  position: 'A whole number from 0 to 10000.',
};

/** A column that the file does not have leaves what is there as it is: its value is null. */
export function readRow(cells: Cells): { readonly row: ImportRow } | { readonly errors: readonly CellError[] } {
  const errors: CellError[] = [];
  const cellOf = (column: Column): string | undefined => {
    const cell = cells[column];
    return cell === undefined ? undefined : unguardCell(FREE_TEXTS.has(column) ? cell : cell.trim());
  };
  function take<T>(column: Column, reader: Reader<T>): T | null {
    const cell = cellOf(column);
    if (cell === undefined) return null;
    // What is no UTF-8 was read as this sign: better told than taken for what somebody wrote.
    const isText = !cell.includes('\ufffd') && !cell.includes('\u0000');
    const value = isText ? reader(cell) : undefined;
    if (value === undefined) errors.push({ column, reason: isText ? WHY[column] : 'The file is not in UTF-8.' });
    return value ?? null;
  }
  const needed = (column: Column, reader: Reader<string>): string => take(column, reader) ?? '';
  const brand = cellOf('brand');
  const product: ImportedProduct = {
    slug: needed('slug', read.slug),
    title: needed('title', read.title),
    description: take('description', read.description),
    language: take('language', read.language),
    category: needed('category', read.slug),
    brand: brand === '' ? '' : take('brand', read.slug),
    tags: take('tags', read.tags),
    images: take('images', read.images),
    specifications: take('specifications', read.specifications),
    status: take('status', read.status),
  };
  const hasVariant = ['sku', 'price', 'currency'].some((column) => isColumn(column) && cellOf(column) !== '');
  const variant = hasVariant ? takeVariant() : null;
  return errors.length > 0 ? { errors } : { row: { product, variant } };

  function takeVariant(): ImportedVariant {
    const currency = needed('currency', read.currency);
    const price = take('price', (cell) => {
      const minor = readPrice(cell, currency);
      return minor === undefined ? undefined : read.price(String(minor));
    });
    return {
      sku: needed('sku', read.sku),
      title: take('variant', read.variant),
      attributes: take('attributes', read.attributes),
      price: price ?? 0,
      currency,
      position: take('position', read.position),
    };
  }
}
