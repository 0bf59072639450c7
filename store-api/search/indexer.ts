/**
 * Keeps the search in step with the catalog. Every process of the store runs one; a lock in the database lets one of them
 * work. What happens is in a queue in the database, so that a crash loses nothing.
 */
import { LIMITS } from '../../contracts/limits.ts';
import { indexChanges } from '../../db/queries/search/index-changes.ts';
import { countTotals, totalsAgeMs } from '../../db/queries/search/totals.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { ProductsIndex } from './opensearch/products-index.ts';

const LOOK_EVERY_MS = 500;
/** After a failure. */
const LOOK_AGAIN_MS = 5_000;
/** Counting the whole catalog takes two seconds of a million products, and never more than this part of the time. */
const COUNT_EVERY_MS = 600_000;
const COUNT_PART = 1 / 200;

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
  let countFromMs = Number.NEGATIVE_INFINITY;
  let hasNews = true;
  let round = Promise.resolve();

  async function work(): Promise<void> {
    let taken: number | undefined;
    do {
      taken = await indexChanges(database, LIMITS.searchChanges, index?.follow);
      hasNews ||= (taken ?? 0) > 0;
    } while (taken === LIMITS.searchChanges && !isStopping);
    if (taken !== undefined && hasNews && performance.now() >= countFromMs && !isStopping) await count();
  }

  async function count(): Promise<void> {
    // Another process, or this one before its last start, may have counted a moment ago.
    const ageMs = await totalsAgeMs(database);
    if (ageMs !== undefined && ageMs < COUNT_EVERY_MS) {
      countFromMs = performance.now() + COUNT_EVERY_MS - ageMs;
      return;
    }
    const fromMs = performance.now();
    await countTotals(database);
    hasNews = false;
    const tookMs = performance.now() - fromMs;
    countFromMs = performance.now() + Math.max(COUNT_EVERY_MS, tookMs / COUNT_PART);
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
