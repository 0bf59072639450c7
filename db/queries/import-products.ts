import type { ClientBase } from 'pg';
import type { ProductImage, ProductStatus } from '../product-rows.ts';

/** Null leaves what is there as it is. */
export interface ImportedProduct {
  readonly slug: string;
  readonly title: string;
  readonly description: string | null;
  readonly language: string | null;
  /** A slug. */
  readonly category: string;
  /** A slug; empty for none. */
  readonly brand: string | null;
  readonly tags: readonly string[] | null;
  readonly images: readonly ProductImage[] | null;
  readonly specifications: Readonly<Record<string, string>> | null;
  readonly status: ProductStatus | null;
}

export interface ImportedVariant {
  readonly sku: string;
  readonly title: string | null;
  readonly attributes: Readonly<Record<string, string>> | null;
  readonly price: number;
  readonly currency: string;
  readonly position: number | null;
}

/** What a batch of rows is held against before it is written. */
export interface ImportSurroundings {
  readonly categories: ReadonlySet<string>;
  readonly brands: ReadonlySet<string>;
  readonly products: ReadonlyMap<
    string,
    { readonly id: string; readonly merchantId: string; readonly currency: string | null }
  >;
  /** SKU → slug of its product. */
  readonly variants: ReadonlyMap<string, string>;
}

/** Locks the products that there are, in the order of their slugs: two imports meet one another in turn. */
export async function findImportSurroundings(
  client: ClientBase,
  asked: {
    readonly slugs: readonly string[];
    readonly skus: readonly string[];
    readonly categories: readonly string[];
    readonly brands: readonly string[];
  },
): Promise<ImportSurroundings> {
  const products = await client.query<{ slug: string; id: string; merchantId: string; currency: string | null }>({
    text: `
      select slug, id, merchant_id as "merchantId", lowest_price_currency as currency
      from products where slug = any ($1::text[]) order by slug for no key update`,
    values: [asked.slugs],
  });
  const variants = await client.query<{ sku: string; slug: string }>({
    text: `
      select v.sku, p.slug from variants v join products p on p.id = v.product_id where v.sku = any ($1::text[])`,
    values: [asked.skus],
  });
  const named = await client.query<{ kind: string; slug: string }>({
    name: 'find-imported-names',
    text: `
      select 'category' as kind, slug from categories where slug = any ($1::text[])
      union all select 'brand', slug from brands where slug = any ($2::text[])`,
    values: [asked.categories, asked.brands],
  });
  const ofKind = (kind: string): ReadonlySet<string> =>
    new Set(named.rows.filter((row) => row.kind === kind).map(({ slug }) => slug));
  return {
    categories: ofKind('category'),
    brands: ofKind('brand'),
    products: new Map(products.rows.map(({ slug, ...product }) => [slug, product])),
    variants: new Map(variants.rows.map(({ sku, slug }) => [sku, slug])),
  };
}

const GIVEN = `
  given as materialized (
    select row.*, category.id as category_id, named.id as brand_id
    from jsonb_to_recordset($2) as row (slug text, title text, description text, language text, category text, brand text,
        tags text[], images jsonb, specifications jsonb, status product_status)
      join categories category on category.slug = row.category
      left join brands named on named.slug = row.brand
  )`;

/** Only what differs is written: a file that is imported again changes no version. */
const UPDATE_PRODUCTS = `
  with ${GIVEN}, wanted as (
    select p.id, given.category_id, case when given.brand is null then p.brand_id else given.brand_id end as brand_id,
      given.title, coalesce(given.description, p.description) as description,
      coalesce(given.language, p.language) as language, coalesce(given.tags, p.tags) as tags,
      coalesce(given.images, p.images) as images, coalesce(given.specifications, p.specifications) as specifications,
      coalesce(given.status, p.status) as status
    from given join products p on p.slug = given.slug and p.merchant_id = $1::uuid
  )
  update products p set (category_id, brand_id, title, description, language, tags, images, specifications, status,
      version, updated_at) =
    (w.category_id, w.brand_id, w.title, w.description, w.language, w.tags, w.images, w.specifications, w.status,
      p.version + 1, now())
  from wanted w where w.id = p.id
    and (p.category_id, p.brand_id, p.title, p.description, p.language, p.tags, p.images, p.specifications, p.status)
      is distinct from
      (w.category_id, w.brand_id, w.title, w.description, w.language, w.tags, w.images, w.specifications, w.status)`;

const INSERT_PRODUCTS = `
  with ${GIVEN}
  insert into products (id, merchant_id, category_id, brand_id, slug, title, description, language, tags, images,
    specifications, status)
  select uuidv7(), $1::uuid, category_id, brand_id, slug, title, coalesce(description, ''), coalesce(language, 'en'),
    coalesce(tags, '{}'), coalesce(images, '[]'), coalesce(specifications, '{}'), coalesce(status, 'draft')
  from given where not exists (select from products p where p.slug = given.slug)`;

const GIVEN_VARIANTS = `
  given as materialized (
    select row.*, p.id as product_id
    from jsonb_to_recordset($2) as row (slug text, sku text, title text, attributes jsonb, price bigint, currency text,
        position int)
      join products p on p.slug = row.slug and p.merchant_id = $1::uuid
  )`;

const UPDATE_VARIANTS = `
  with ${GIVEN_VARIANTS}, wanted as (
    select v.id, coalesce(given.title, v.title) as title, coalesce(given.attributes, v.attributes) as attributes,
      given.price, given.currency, coalesce(given.position, v.position) as position
    from given join variants v on v.sku = given.sku and v.product_id = given.product_id
  )
  update variants v set (title, attributes, price_minor, currency, position, archived_at, updated_at) =
    (w.title, w.attributes, w.price, w.currency, w.position, null, now())
  from wanted w where w.id = v.id
    and (v.archived_at is not null or (v.title, v.attributes, v.price_minor, v.currency::text, v.position) is distinct from
      (w.title, w.attributes, w.price, w.currency, w.position))`;

const INSERT_VARIANTS = `
  with ${GIVEN_VARIANTS}
  insert into variants (id, product_id, sku, title, attributes, price_minor, currency, position)
  select uuidv7(), product_id, sku, coalesce(title, ''), coalesce(attributes, '{}'), price, currency, coalesce(position, 0)
  from given where not exists (select from variants v where v.sku = given.sku)`;

export interface ImportCounts {
  readonly productsMade: number;
  readonly productsChanged: number;
  readonly variantsMade: number;
  readonly variantsChanged: number;
}

/** Writes a batch that was held against its surroundings; of each slug and each SKU one row. */
export async function writeImport(
  client: ClientBase,
  merchantId: string,
  products: readonly ImportedProduct[],
  variants: readonly (ImportedVariant & { readonly slug: string })[],
): Promise<ImportCounts> {
  // Without names, so that each batch is planned anew: a plan made for an empty catalog looks at all rows for each row.
  const run = async (text: string, rows: readonly object[]): Promise<number> => {
    if (rows.length === 0) return 0;
    const { rowCount } = await client.query({ text, values: [merchantId, JSON.stringify(rows)] });
    return rowCount ?? 0;
  };
  const productsChanged = await run(UPDATE_PRODUCTS, products);
  const productsMade = await run(INSERT_PRODUCTS, products);
  const variantsChanged = await run(UPDATE_VARIANTS, variants);
  const variantsMade = await run(INSERT_VARIANTS, variants);
  return { productsMade, productsChanged, variantsMade, variantsChanged };
}
