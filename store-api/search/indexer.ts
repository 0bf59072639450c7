/**
 * Keeps the search in step with the catalog. Every process of the store runs one; a lock in the database lets one of them
 * work. What happens is in a queue in the database, so that a crash loses nothing.
 */
import { LIMITS } from '../../contracts/limits.ts';
import { indexChanges } from '../../db/queries/search/index-changes.ts';
import { countTotals } from '../../db/queries/search/totals.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { ProductsIndex } from './opensearch/products-index.ts';

const LOOK_EVERY_MS = 500;
/** After a failure. */
const LOOK_AGAIN_MS = 5_000;
/** Counting the whole catalog takes a second or two of a million products. */
const COUNT_EVERY_MS = 600_000;

export interface SearchIndexer {
  /** Resolves when the round under way is over. */
  stop(): Promise<void>;
}

export interface SearchIndexerOptions {
  readonly database: Database;
  readonly log: Logger;
  /** That of another search engine, where there is one. */
  readonly index?: ProductsIndex | undefined;
}

export function startSearchIndexer(options: SearchIndexerOptions): SearchIndexer {
  const { database, log, index } = options;
  let isStopping = false;
  let isFailing = false;
  let timer: NodeJS.Timeout | undefined;
  let countedAt = Number.NEGATIVE_INFINITY;
  let hasNews = true;
  let round = Promise.resolve();

  async function work(): Promise<void> {
    let taken: number | undefined;
    do {
      taken = await indexChanges(database, LIMITS.searchChanges, index?.follow);
      hasNews ||= (taken ?? 0) > 0;
    } while (taken === LIMITS.searchChanges && !isStopping);
    const isTime = performance.now() - countedAt > COUNT_EVERY_MS;
    if (taken === undefined || !hasNews || !isTime || isStopping) return;
    await countTotals(database);
    [countedAt, hasNews] = [performance.now(), false];
  }

  function next(): void {
    round = work()
      .then(() => {
        isFailing = false;
      })
      .catch((error: unknown) => {
        // The changes stay in the queue. Told once, not twice a second.
        if (!isFailing) log.warn({ err: error }, 'the search could not be brought in step with the catalog');
        isFailing = true;
      })
      .then(() => {
        if (!isStopping) timer = setTimeout(next, isFailing ? LOOK_AGAIN_MS : LOOK_EVERY_MS);
      });
  }
  next();

  return {
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      await round;
    },
  };
}
