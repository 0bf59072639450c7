/** The caches of the catalog, and how one learns that something changed. */

import { isUuidV7 } from '../../contracts/ids.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import type { StoredProduct } from '../../db/product-rows.ts';
import { listCategories, type StoredCategory } from '../../db/queries/categories.ts';
import { findRates, type StoredRate } from '../../db/queries/exchange-rates.ts';
import { findProduct, findProducts } from '../../db/queries/find-product.ts';
import { listPriceCurrencies } from '../../db/queries/list-products.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Redis } from '../../platform/connections/redis.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { type Cache, type CacheOptions, createCache } from './cache.ts';
import { createReads, type Reads } from './replica.ts';
import { createSharedCache } from './shared.ts';

/** The kinds of cache.invalidate that are about the catalog. */
export const CATALOG_KINDS = ['product', 'category', 'rates'] as const;
export type CatalogKind = (typeof CATALOG_KINDS)[number];

export interface Rates {
  readonly rates: readonly StoredRate[];
  /** Those that products are priced in. */
  readonly currencies: readonly string[];
}

export interface Catalog {
  /** By id or by slug; several at once by id. */
  readonly products: Cache<StoredProduct>;
  readonly categories: Cache<readonly StoredCategory[]>;
  readonly rates: Cache<Rates>;
  readonly reads: Reads;
  invalidate(kind: CatalogKind, ids: readonly string[]): Promise<void>;
  forget(): void;
}

export interface CatalogOptions {
  readonly database: Database;
  readonly replica?: Database | undefined;
  readonly redis: Redis;
  readonly redisPrefix: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether changes that other processes make are heard of. */
  hearsChanges?(): boolean;
  /** Counted by tests. */
  onLoad?(kind: CatalogKind, id: string): void;
}

/** The one entry of what is kept whole. */
export const ALL = 'all';

export function createCatalog(options: CatalogOptions): Catalog {
  const { database, redis, redisPrefix: prefix, clock, log, hearsChanges = () => true, onLoad } = options;
  const ttlMs = (): number => (hearsChanges() ? INTERVALS.cacheMs : INTERVALS.cacheUnheardMs);
  // Loads ask the database itself: a replica may not have heard yet of the change that made an entry stale.
  const cacheOf = <T>(
    kind: CatalogKind,
    load: (id: string) => Promise<T | undefined>,
    isValue: IsValue<T>,
    more: Pick<CacheOptions<T>, 'loadMany'> = {},
  ) =>
    createCache<T>({
      ...{ clock, log, ttlMs, ...more },
      shared: createSharedCache<T>({ redis, prefix, kind, log, isValue }),
      load: (id) => {
        onLoad?.(kind, id);
        return load(id);
      },
    });
  const products = cacheOf<StoredProduct>(
    'product',
    (name) => findProduct(database, isUuidV7(name) ? { id: name } : { slug: name }),
    isStoredProduct,
    { loadMany: (ids) => findProducts(database, ids) },
  );
  const categories = cacheOf<readonly StoredCategory[]>('category', () => listCategories(database), isList);
  const rates = cacheOf<Rates>(
    'rates',
    async () => {
      const [found, currencies] = await Promise.all([findRates(database, clock.now()), listPriceCurrencies(database)]);
      return { rates: found, currencies };
    },
    isRates,
  );
  const caches = { product: products, category: categories, rates };
  return {
    ...{ products, categories, rates },
    reads: createReads({ database, replica: options.replica, log }),
    invalidate: (kind, ids) => caches[kind].invalidate(ids),
    forget() {
      for (const cache of [products, categories, rates]) cache.forget();
    },
  };
}

type IsValue<T> = (value: unknown) => value is T;

// Written by this same code under this key: what is looked at is whether another version of it wrote another shape.
function isStoredProduct(value: unknown): value is StoredProduct {
  return hasKeys(value, [
    'id',
    'slug',
    'version',
    'status',
    'language',
    'reviews',
    'variants',
    'translations',
    'category',
  ]);
}

function isRates(value: unknown): value is Rates {
  return hasKeys(value, ['rates', 'currencies']);
}

function isList(value: unknown): value is readonly StoredCategory[] {
  return Array.isArray(value);
}

function hasKeys(value: unknown, keys: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && keys.every((key) => Object.hasOwn(value, key));
}
