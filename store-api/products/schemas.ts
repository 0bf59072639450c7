/** Products as they are asked for and answered. */
import Type from 'typebox';
import { CURRENCY_PATTERN, SKU_PATTERN } from '../../contracts/drop.ts';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';

const exact = { additionalProperties: false } as const;

export const SLUG_PATTERN = '^[a-z0-9]+(-[a-z0-9]+)*$';
export const LANGUAGE_PATTERN = '^[a-z]{2}(-[A-Z]{2})?$';
/** Something to be read: not only white space, and no control characters. */
const LINE_PATTERN = '^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$';

export const Uuid = () => Type.String({ pattern: UUID_V7_PATTERN });
export const Slug = () => Type.String({ pattern: SLUG_PATTERN, maxLength: 200 });
export const Sku = () => Type.String({ pattern: SKU_PATTERN });
export const Currency = () => Type.String({ pattern: CURRENCY_PATTERN });
export const Language = () => Type.String({ pattern: LANGUAGE_PATTERN });
export const Line = (maxLength: number = LIMITS.titleChars) =>
  Type.String({ minLength: 1, maxLength, pattern: LINE_PATTERN });
export const Description = () => Type.String({ maxLength: LIMITS.descriptionChars });
const Price = () =>
  Type.Integer({ minimum: 0, maximum: LIMITS.priceMinor, description: 'Minor units of the currency.' });
const Texts = (description: string) =>
  Type.Record(Type.String({ pattern: '^.{1,60}$' }), Line(LIMITS.attributeChars), {
    maxProperties: LIMITS.attributesPerThing,
    additionalProperties: false,
    default: {},
    description,
  });

export const Image = Type.Object(
  {
    url: Type.String({ pattern: '^https?://[^\\s<>"]+$', maxLength: 2_000 }),
    alt: Type.String({ maxLength: LIMITS.titleChars, default: '' }),
  },
  exact,
);

const variantFields = {
  title: Type.String({ maxLength: LIMITS.titleChars, default: '', description: 'What sets it apart: "Black, 42".' }),
  attributes: Texts('Such as color and size; products are filtered by them.'),
  price: Price(),
  currency: Currency(),
  position: Type.Integer({ minimum: 0, maximum: 10_000, default: 0 }),
};

export const VariantBody = Type.Object(variantFields, exact);
export const NewVariantBody = Type.Object({ sku: Sku(), ...variantFields }, exact);

const Status = Type.Union([Type.Literal('draft'), Type.Literal('active'), Type.Literal('archived')]);

const productFields = {
  slug: Slug(),
  language: Type.String({ pattern: LANGUAGE_PATTERN, default: 'en', description: 'Of title and description.' }),
  title: Line(),
  description: Type.String({ maxLength: LIMITS.descriptionChars, default: '' }),
  categoryId: Uuid(),
  brandId: Type.Union([Uuid(), Type.Null()], { default: null }),
  tags: Type.Array(Line(LIMITS.tagChars), { maxItems: LIMITS.tagsPerProduct, uniqueItems: true, default: [] }),
  images: Type.Array(Image, { maxItems: LIMITS.imagesPerProduct, default: [] }),
  specifications: Texts('Such as material and weight.'),
};

export const ProductBody = Type.Object({ ...productFields, status: Status }, exact);
export const NewProductBody = Type.Object(
  {
    ...productFields,
    status: Type.Union([Type.Literal('draft'), Type.Literal('active')], { default: 'draft' }),
    variants: Type.Array(NewVariantBody, { maxItems: LIMITS.variantsPerProduct, default: [] }),
    merchantId: Type.Optional(Type.String({ pattern: UUID_V7_PATTERN, description: 'Given by admins only.' })),
  },
  exact,
);

export const TranslationBody = Type.Object({ title: Line(), description: Description() }, exact);

const Named = Type.Object({ id: Type.String(), slug: Type.String(), name: Type.String() });
const Shown = Type.Object(
  { amount: Type.Integer(), currency: Type.String(), converted: Type.Boolean() },
  { description: 'In the currency asked for. What is converted is only shown: it is charged in its own currency.' },
);

export const VariantAnswer = Type.Object({
  id: Type.String(),
  sku: Type.String(),
  title: Type.String(),
  attributes: Type.Record(Type.String(), Type.String()),
  price: Type.Integer(),
  currency: Type.String(),
  position: Type.Integer(),
  inStock: Type.Boolean(),
  display: Type.Union([Shown, Type.Null()]),
});

export const ProductAnswer = Type.Object({
  id: Type.String(),
  merchantId: Type.String(),
  slug: Type.String(),
  version: Type.Integer(),
  status: Status,
  language: Type.String(),
  languages: Type.Array(Type.String()),
  title: Type.String(),
  description: Type.String(),
  category: Named,
  brand: Type.Union([Named, Type.Null()]),
  tags: Type.Array(Type.String()),
  images: Type.Array(Type.Object({ url: Type.String(), alt: Type.String() })),
  specifications: Type.Record(Type.String(), Type.String()),
  rating: Type.Union([Type.Number(), Type.Null()], { description: 'What people rate it on the average, 1 to 5.' }),
  reviews: Type.Integer(),
  variants: Type.Array(VariantAnswer),
  createdAt: Type.Integer(),
  updatedAt: Type.Integer(),
});

export const ProductListItem = Type.Object({
  id: Type.String(),
  merchantId: Type.String(),
  slug: Type.String(),
  status: Status,
  language: Type.String(),
  title: Type.String(),
  category: Named,
  brand: Type.Union([Named, Type.Null()]),
  tags: Type.Array(Type.String()),
  image: Type.Union([Type.Object({ url: Type.String(), alt: Type.String() }), Type.Null()]),
  price: Type.Union([Type.Integer(), Type.Null()], { description: 'The lowest of its variants.' }),
  currency: Type.Union([Type.String(), Type.Null()]),
  display: Type.Union([Shown, Type.Null()]),
  createdAt: Type.Integer(),
});

export const ProductPage = Type.Object({
  items: Type.Array(ProductListItem),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});

export const ById = Type.Object({ id: Uuid() });
export const BySku = Type.Object({ sku: Sku() });
