/** What a model is made of, out of the database: products on sale with their terms, and what shoppers did. */
import { createIdTable, type IdTable } from '../../commerce/recommendations/id-table.ts';
import { type Columns, createInteractions } from '../../commerce/recommendations/interactions.ts';
import type { Entries } from '../../commerce/recommendations/sparse-rows.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { readInteractions } from '../../db/queries/recommendations/read-interactions.ts';
import { readParents, readProducts } from '../../db/queries/recommendations/read-products.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import { createTerms } from './terms.ts';

export interface Catalog {
  readonly products: IdTable;
  /** How many of the products are on sale: the first ones. Others are known by what shoppers did with them. */
  readonly listed: number;
  readonly entries: Entries;
  readonly terms: number;
  /** The category of each product on sale, and what is above each category. */
  readonly categories: IdTable;
  readonly categoryOf: Uint32Array;
  readonly parents: ReadonlyMap<string, string>;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

export async function readCatalog(database: Database, until: AbortSignal): Promise<Catalog> {
  const parents = await readParents(database);
  const products = createIdTable(LIMITS.trainingProducts);
  const categories = createIdTable(LIMITS.categories);
  const terms = createTerms(parents);
  const categoryOf: number[] = [];
  let after = FIRST_ID;
  while (products.size < LIMITS.trainingProducts) {
    until.throwIfAborted();
    const page = await readProducts(database, after, LIMITS.trainingProductsPerRead);
    for (const product of page) {
      const row = products.addText(product.id);
      if (row < 0) break;
      categoryOf.push(categories.addText(product.categoryId));
      terms.add(row, product);
    }
    after = page.at(-1)?.id ?? after;
    if (page.length < LIMITS.trainingProductsPerRead) break;
  }
  const { entries, count } = terms.finish();
  return {
    ...{ products, entries, categories, parents },
    listed: products.size,
    terms: count,
    categoryOf: Uint32Array.from(categoryOf),
  };
}

export interface Read {
  readonly users: IdTable;
  readonly columns: Columns;
  readonly leftOut: number;
}

/** Adds products to the table that are not on sale any more: they say something about taste. */
export async function readWhatWasDone(
  database: Database,
  products: IdTable,
  sinceMs: number,
  until: AbortSignal,
): Promise<Read> {
  const users = createIdTable(LIMITS.trainingUsers);
  const interactions = createInteractions(LIMITS.trainingInteractions);
  let strangers = 0;
  const client = await database.connect();
  let isWhole = false;
  try {
    await readInteractions(client, sinceMs, ({ bytes, userAt, productAt, kind, day, amount }) => {
      until.throwIfAborted();
      const user = users.add(bytes, userAt);
      const product = products.add(bytes, productAt);
      if (user < 0 || product < 0) strangers += 1;
      else interactions.add(user, product, kind, day, amount);
    });
    isWhole = true;
  } finally {
    // A COPY that was cut short leaves a connection on which nothing else can be asked.
    client.release(!isWhole);
  }
  return { users, columns: interactions.columns(), leftOut: interactions.leftOut + strangers };
}
