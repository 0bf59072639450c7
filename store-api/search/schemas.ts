import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { SORTS, type SortName } from '../../db/queries/search/find-candidates.ts';

export const uuid = () => Type.String({ pattern: UUID_V7_PATTERN });
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** An answer is only read: its lists may be anybody's. */
const listOf = <T extends Type.TSchema>(item: T) => Type.Unsafe<readonly Type.Static<T>[]>(Type.Array(item));
const minor = (description?: string) =>
  Type.Integer({ minimum: 0, maximum: LIMITS.priceMinor, ...(description === undefined ? {} : { description }) });
/** A query string gives one value as a text and several as a list: the server makes lists of both. */
const several = (item: Type.TString, description: string) =>
  Type.Optional(Type.Array(item, { maxItems: LIMITS.searchFilterValues, description }));

export const ProductsQuery = Type.Object(
  {
    q: Type.Optional(
      Type.String({ maxLength: LIMITS.searchChars, description: 'What to look for; everything without it.' }),
    ),
    category: several(uuid(), 'Ids of categories: what is in any of them, or below it.'),
    brand: several(uuid(), 'Ids of brands: any of them.'),
    priceMin: Type.Optional(minor('Minor units.')),
    priceMax: Type.Optional(minor('Minor units.')),
    ratingMin: Type.Optional(Type.Integer({ minimum: 1, maximum: 4, description: 'Stars: this many or more.' })),
    inStock: Type.Optional(Type.Boolean()),
    attribute: several(
      Type.String({ pattern: '^[^=]{1,40}=.{1,80}$' }),
      'As name=value, for example color=black. Values of one name are alternatives.',
    ),
    tag: several(Type.String({ minLength: 1, maxLength: 80 }), 'All of them.'),
    sort: Type.Unsafe<SortName>(
      Type.Union(
        SORTS.map((sort) => Type.Literal(sort)),
        { default: 'relevance' },
      ),
    ),
    facets: Type.Boolean({ default: true, description: 'Whether to count them: later pages can do without.' }),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
    cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,5}$', description: 'nextCursor of the page before.' })),
  },
  { additionalProperties: false },
);

const FacetValue = Type.Object({ value: Type.String(), name: Type.String(), count: Type.Integer() });
const Named = Type.Object({ id: Type.String(), name: Type.String() });

const Facets = Type.Object({
  categories: listOf(FacetValue),
  brands: listOf(FacetValue),
  prices: listOf(Type.Object({ from: Type.Integer(), to: nullable(Type.Integer()), count: Type.Integer() })),
  ratings: listOf(Type.Object({ atLeast: Type.Integer(), count: Type.Integer() })),
  availability: Type.Object({ inStock: Type.Integer(), outOfStock: Type.Integer() }),
  attributes: listOf(Type.Object({ name: Type.String(), values: listOf(FacetValue) })),
});

const FoundProduct = Type.Object({
  ...{ id: Type.String(), slug: Type.String(), title: Type.String(), image: nullable(Type.String()) },
  ...{ brand: nullable(Named), category: Named, price: Type.Integer(), currency: Type.String() },
  ...{ inStock: Type.Boolean(), rating: nullable(Type.Number()), reviews: Type.Integer(), promoted: Type.Boolean() },
  highlights: Type.Object(
    { title: Type.String(), description: nullable(Type.String()) },
    { description: 'Escaped HTML, with the words that matched in <mark>.' },
  ),
});

export const ProductsAnswer = Type.Object({
  items: listOf(FoundProduct),
  nextCursor: nullable(Type.String()),
  total: Type.Integer({ description: 'Matches; at least so many where approximate.' }),
  approximate: Type.Boolean({
    description: 'There are more matches than total, and the facets count the best of them.',
  }),
  facets: nullable(Facets),
  didYouMean: nullable(Type.String()),
  searchedFor: nullable(Type.String({ description: 'What was searched for instead, as q itself finds nothing.' })),
  matched: Type.Union([Type.Literal('all'), Type.Literal('most'), Type.Literal('any')]),
});

export const SuggestQuery = Type.Object(
  {
    q: Type.String({ minLength: 1, maxLength: LIMITS.searchChars }),
    limit: Type.Integer({ minimum: 1, maximum: 10, default: 5 }),
  },
  { additionalProperties: false },
);

export const SuggestAnswer = Type.Object({
  queries: listOf(Type.String()),
  categories: listOf(Named),
  brands: listOf(Named),
  products: listOf(Type.Object({ id: Type.String(), title: Type.String(), slug: Type.String() })),
});
