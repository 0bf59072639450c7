/** The index of products: how it is made, and how it is kept in step. */
import Type from 'typebox';
import Value from 'typebox/value';
import { DropgateError } from '../../../contracts/errors.ts';
import { type SearchDocument, searchDocuments, searchedIds } from '../../../db/queries/search/search-documents.ts';
import type { Database, DatabaseClient } from '../../../platform/connections/postgres.ts';
import type { OpenSearchClient } from './client.ts';

const FOLDED = { type: 'text', analyzer: 'folded' } as const;
/** Typos are found by all words together: a word that titles have may be in the name of no category. */
const WORDS = { ...FOLDED, copy_to: 'words' } as const;

export const INDEX_BODY = {
  settings: {
    analysis: {
      filter: { stems: { type: 'stemmer', language: 'english' } },
      analyzer: {
        folded: { tokenizer: 'standard', filter: ['lowercase', 'asciifolding', 'stems'] },
        plain: { tokenizer: 'standard', filter: ['lowercase', 'asciifolding'] },
      },
    },
  },
  mappings: {
    dynamic: 'strict',
    properties: {
      ...{ title: WORDS, brand: WORDS, categories: WORDS, description: FOLDED },
      words: { type: 'text', analyzer: 'plain' },
      ...{
        attributes: { type: 'keyword', fields: { text: FOLDED } },
        tags: { type: 'keyword', fields: { text: FOLDED } },
      },
      ...{ id: { type: 'keyword' }, brandId: { type: 'keyword' } },
      ...{ categoryId: { type: 'keyword' }, categoryIds: { type: 'keyword' } },
      ...{ priceMinor: { type: 'long' }, ratingHundredths: { type: 'short' }, reviews: { type: 'integer' } },
      ...{ sold: { type: 'integer' }, quality: { type: 'float' }, inStock: { type: 'boolean' } },
      ...{
        createdAtMs: { type: 'date', format: 'epoch_millis' },
        promotedUntilMs: { type: 'date', format: 'epoch_millis' },
      },
    },
  },
} as const;

const PAGE = 1_000;
const ALREADY_THERE = 400;
const BulkAnswer = Type.Object({ errors: Type.Boolean() });

export interface ProductsIndex {
  readonly name: string;
  /** Makes it where it is not there. */
  make(): Promise<void>;
  /** Brings these products to what PostgreSQL has of them; those that are not on sale go. */
  follow(database: Database | DatabaseClient, ids: readonly string[]): Promise<void>;
  /** All products; says how many. */
  fill(database: Database, tell?: (done: number) => void): Promise<number>;
}

export function createProductsIndex(client: OpenSearchClient, name = 'dropgate-products'): ProductsIndex {
  async function follow(database: Database | DatabaseClient, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const documents = new Map((await searchDocuments(database, ids)).map((document) => [document.id, document]));
    const lines = ids.flatMap((id) => linesOf(id, documents.get(id)));
    const answer = await client.call(
      'POST',
      `/${name}/_bulk`,
      `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`,
    );
    if (!Value.Check(BulkAnswer, answer) || answer.errors) {
      throw new DropgateError('UNAVAILABLE', `the search engine did not take all of ${ids.length} products`);
    }
  }

  return {
    name,
    async make() {
      await client.call('PUT', `/${name}`, INDEX_BODY, ALREADY_THERE);
    },
    follow,
    async fill(database, tell) {
      let done = 0;
      for (let ids = await searchedIds(database, null, PAGE); ids.length > 0; ) {
        await follow(database, ids);
        done += ids.length;
        tell?.(done);
        ids = await searchedIds(database, ids.at(-1) ?? null, PAGE);
      }
      await client.call('POST', `/${name}/_refresh`);
      return done;
    },
  };
}

function linesOf(id: string, document: SearchDocument | undefined): object[] {
  return document === undefined ? [{ delete: { _id: id } }] : [{ index: { _id: id } }, document];
}
