/** The lists of a model, made in threads and written to Redis as they come: no more of them in memory than are under way. */
import { createBestList } from '../../commerce/recommendations/best-list.ts';
import type { IdTable } from '../../commerce/recommendations/id-table.ts';
import { type Lists, listOf } from '../../commerce/recommendations/lists.ts';
import type { Prepared } from '../../commerce/recommendations/prepare.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { encodeScored, type ScoredProduct } from '../../contracts/recommendations.ts';
import { type Computation, inParts, type Part } from './computation.ts';
import type { Factors } from './fit.ts';
import { lastActive } from './last-active.ts';
import type { ListKind, ModelStore, NewList } from './model-store.ts';
import { popularByCategory } from './popular-by-category.ts';
import type { Catalog } from './read-model.ts';
import type { Described } from './thread.ts';

export interface WriteOptions {
  readonly version: string;
  readonly store: ModelStore;
  readonly computation: Computation;
  readonly catalog: Catalog;
  readonly users: IdTable;
  readonly prepared: Prepared;
  readonly described: Described;
  readonly factors: Factors;
  readonly size: number;
  readonly until: AbortSignal;
  /** How many lists there are by now. */
  wrote(lists: number): void;
}

export interface Written {
  readonly users: number;
  readonly lists: number;
}

export async function writeModel(options: WriteOptions): Promise<Written> {
  const { computation, catalog, users, prepared, described, factors, store, version, size } = options;
  const { listed, products } = catalog;
  let written = 0;
  let usersWritten = 0;

  async function write(lists: readonly NewList[]): Promise<void> {
    for (let at = 0; at < lists.length; at += LIMITS.listsPerWrite) {
      options.until.throwIfAborted();
      await store.write(version, lists.slice(at, at + LIMITS.listsPerWrite));
    }
    written += lists.length;
    options.wrote(written);
  }
  /** A list that says nothing is none: nobody looks for it longer than for an empty one. */
  function encoded(kind: ListKind, ids: IdTable, lists: Lists, isWanted = (_row: number) => true): readonly NewList[] {
    return Array.from(lists.counts, (count, at) => ({ count, row: lists.from + at }))
      .filter(({ count, row }) => count > 0 && isWanted(row))
      .map(({ row }) => ({ kind, id: ids.textOf(row), list: encodeScored(scored(listOf(lists, row), products)) }));
  }
  const inThreads = async (rows: number, work: (part: Part) => Promise<readonly NewList[]>): Promise<void> => {
    const bounds = { rowsPerPart: LIMITS.trainingRowsPerTask, atOnce: computation.threads + 1 };
    await inParts(rows, bounds, async (part) => await write(await work(part)));
  };

  const best = await computation.rank({ itemFactors: factors.products, factors: size, listed });
  const isActive = lastActive(prepared.lastDays, LIMITS.listedUsers);
  await inThreads(users.size, async (part) => {
    const task = { products: best, userFactors: factors.users, leftOut: prepared.bought, most: LIMITS.userList };
    const lists = encoded('user', users, await computation.best({ ...task, ...part }), isActive);
    usersWritten += lists.length;
    return lists;
  });
  await inThreads(listed, async (part) => {
    const bounds = { most: LIMITS.productList, mostRead: LIMITS.termEntriesPerProduct };
    return encoded('similar', products, await computation.alike({ ...described, ...bounds, ...part }));
  });
  await inThreads(listed, async (part) => {
    const matrices = { baskets: prepared.baskets, products: prepared.basketsOf, listed };
    const bounds = {
      most: LIMITS.productList,
      fewestBaskets: LIMITS.fewestTogether,
      mostBaskets: LIMITS.basketsPerProduct,
    };
    return encoded('together', products, await computation.together({ ...matrices, ...bounds, ...part }));
  });
  await store.writePopular(version, popular(prepared.popularity, catalog));
  const byCategory = [...popularByCategory(prepared.popularity, catalog, LIMITS.popularList)];
  await write(byCategory.map(([id, list]) => ({ kind: 'popularIn', id, list: encodeScored(list) })));
  return { users: usersWritten, lists: written };
}

function scored(list: Iterable<readonly [number, number]>, products: IdTable): ScoredProduct[] {
  return Array.from(list, ([product, score]) => ({ productId: products.textOf(product), score }));
}

function popular(popularity: Float32Array, { listed, products }: Catalog): readonly ScoredProduct[] {
  const best = createBestList(LIMITS.popularList);
  for (const [product, score] of popularity.subarray(0, listed).entries()) if (score > 0) best.offer(product, score);
  return scored(best.take(), products);
}
