/** What is asked of the store, one kind at a time. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createIdSource } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Bought, Shot } from './generator/notes.ts';
import { recommendationShots } from './recommendations.ts';
import type { StoreStage } from './stage.ts';

export const KINDS = ['search', 'product', 'cart', 'orderStatus', 'recommendations'] as const;
export type Kind = (typeof KINDS)[number];

const API = '/api/v1';
/** Searches with facets: the words that the search's quality is measured by, and the same narrowed or sorted. */
const QUERIES = join(import.meta.dirname, '../../scripts/search-quality/queries.json');
const NARROWED = ['', '&inStock=true', '&priceMax=5000', '&sort=price_asc', '&ratingMin=3'];

export async function scriptsOf(
  kind: Kind,
  stage: StoreStage,
  { connections, orders }: { readonly connections: number; readonly orders: Bought['orders'] },
): Promise<Shot[][]> {
  switch (kind) {
    case 'search':
      return [await searches()];
    case 'product':
      return [stage.productIds.map((id) => get(`/products/${id}`))];
    case 'cart':
      return await Promise.all(
        Array.from({ length: connections }, async (_, at) =>
          (
            await Promise.all(Array.from({ length: GUESTS }, (_, guest) => shopping(stage, at * GUESTS + guest)))
          ).flat(),
        ),
      );
    case 'orderStatus':
      return [orders.map(({ id, token }) => get(`/orders/${id}`, token))];
    case 'recommendations':
      return [await recommendationShots(stage, createIdSource(systemClock))];
  }
}

async function searches(): Promise<Shot[]> {
  const known: unknown = JSON.parse(await readFile(QUERIES, 'utf8'));
  const texts = Array.isArray(known) ? known.flatMap((query: unknown) => textOf(query)) : [];
  if (texts.length === 0) throw new Error(`${QUERIES} has no queries.`);
  return texts.flatMap((text, at) => [
    get(`/search/products?q=${encodeURIComponent(text)}${NARROWED[at % NARROWED.length]}`),
    // One word of it matches a good part of the catalog: the dear kind.
    get(`/search/products?q=${encodeURIComponent(text.split(' ').at(-1) ?? text)}`),
  ]);
}

function textOf(query: unknown): string[] {
  return typeof query === 'object' && query !== null && 'q' in query && typeof query.q === 'string' ? [query.q] : [];
}

/** A guest who puts a few things into the cart, looks, and asks for the sum. */
async function shopping(stage: StoreStage, at: number): Promise<Shot[]> {
  const token = await stage.guestToken();
  const first = (at * THINGS) % stage.skus.length;
  const skus = Array.from({ length: THINGS }, (_, thing) => stage.skus[(first + thing) % stage.skus.length] ?? '');
  return skus.flatMap((sku): Shot[] => [
    {
      method: 'POST',
      path: `${API}/cart/items`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ sku, quantity: 1 }),
    },
    get('/cart', token),
    get('/cart/summary', token),
  ]);
}
const THINGS = 5;
/** Of a connection, one after the other: a cart has no room for all that is added in many rounds. */
const GUESTS = 20;

function get(path: string, token?: string): Shot {
  const headers = token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
  return { method: 'GET', path: `${API}${path}`, ...headers };
}
