/** What products may be asked for by, and the page that answers it. */
import Type, { type Static } from 'typebox';
import { REFERENCE_CURRENCY, worthOf } from '../../commerce/money/convert.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { findRates } from '../../db/queries/exchange-rates.ts';
import { listProducts, type ProductFilter } from '../../db/queries/list-products.ts';
import { ALL } from '../caching/catalog.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { wantedLanguages } from './language.ts';
import { Currency, Slug, Uuid } from './schemas.ts';
import { rateTable, showListed, type Viewer } from './show.ts';

const ATTRIBUTE = '^[^:\\u0000]{1,60}:[^\\u0000]{1,200}$';
const price = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: LIMITS.priceMinor, description }));

export const productQuery = {
  category: Type.Optional({ ...Slug(), description: 'The slug of a category: with all below it.' }),
  brand: Type.Optional({ ...Slug(), description: 'The slug of a brand.' }),
  merchant: Type.Optional(Uuid()),
  tags: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: LIMITS.tagChars, pattern: '^[^\\u0000]*$' }), {
      maxItems: 10,
      description: 'All of them.',
    }),
  ),
  attributes: Type.Optional(
    Type.Array(Type.String({ pattern: ATTRIBUTE }), {
      maxItems: 10,
      description: 'Such as color:black; one variant has all of them.',
    }),
  ),
  availability: Type.Optional(Type.Literal('in-stock')),
  currency: Type.Optional({ ...Currency(), description: 'Prices are shown and compared in it.' }),
  minPrice: price('Minor units of the currency.'),
  maxPrice: price('Minor units of the currency.'),
  sort: Type.Union(
    [Type.Literal('newest'), Type.Literal('price-up'), Type.Literal('price-down'), Type.Literal('title')],
    { default: 'newest' },
  ),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000, description: 'nextCursor of the page before.' })),
  limit: Type.Integer({ minimum: 1, maximum: LIMITS.productsPerPage, default: 20 }),
};

const Query = Type.Object(productQuery);
export type ProductQuery = Static<typeof Query>;

/** Who asks for which of all products. */
export interface Scope extends Pick<ProductFilter, 'status' | 'merchantId'> {
  /** A merchant sees what they changed at once; shoppers may see what was true a moment ago. */
  readonly isOwners: boolean;
}

export async function pageOfProducts(
  { catalog, database, clock }: Pick<StoreServices, 'catalog' | 'database' | 'clock'>,
  query: ProductQuery,
  scope: Scope,
  acceptLanguage: string | undefined,
) {
  const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor, query.sort);
  if (query.cursor !== undefined && cursor === undefined) throw new Refusal('INVALID', { detail: 'No such cursor.' });
  const known = await catalog.rates.get(ALL);
  const atMs = cursor?.atMs ?? clock.now();
  const read = scope.isOwners ? <T>(work: (from: typeof database) => Promise<T>) => work(database) : catalog.reads.read;
  const isByPrice = query.sort === 'price-up' || query.sort === 'price-down';
  const asOfThen = cursor !== undefined && isByPrice ? await read((from) => findRates(from, atMs)) : known?.rates;
  const rates = rateTable(asOfThen ?? []);
  const currency = query.currency ?? REFERENCE_CURRENCY;
  const languages = wantedLanguages(acceptLanguage);
  const found = await read((from) =>
    listProducts(from, {
      ...scope,
      ...filterOf(query),
      ...(cursor === undefined ? {} : { after: cursor.place }),
      limit: query.limit + 1,
      worths: (known?.currencies ?? []).map((from) => ({ currency: from, factor: worthOf(from, currency, rates) })),
      languages,
    }),
  );
  const viewer: Viewer = { languages, currency: query.currency, rates };
  const items = found.slice(0, query.limit);
  const last = found.length > query.limit ? items.at(-1) : undefined;
  return {
    items: items.map((product) => showListed(product, viewer)),
    nextCursor: last === undefined ? null : encodeCursor({ sort: query.sort, place: last, atMs }),
  };
}

function filterOf(query: ProductQuery): Omit<ProductFilter, 'status' | 'limit' | 'worths' | 'languages'> {
  const attributes = query.attributes?.map((pair) => {
    const at = pair.indexOf(':');
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return {
    sort: query.sort,
    ...(query.merchant === undefined ? {} : { merchantId: query.merchant }),
    ...(query.category === undefined ? {} : { categorySlug: query.category }),
    ...(query.brand === undefined ? {} : { brandSlug: query.brand }),
    ...(query.minPrice === undefined ? {} : { minPrice: query.minPrice }),
    ...(query.maxPrice === undefined ? {} : { maxPrice: query.maxPrice }),
    ...(query.tags === undefined ? {} : { tags: query.tags }),
    ...(attributes === undefined ? {} : { attributes: Object.fromEntries(attributes) }),
    ...(query.availability === undefined ? {} : { inStock: true }),
  };
}
