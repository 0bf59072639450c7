/** The search of a store: PostgreSQL's own, or another engine where its address is set. */
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { SearchEngine } from './engine.ts';
import { type SearchIndexer, startSearchIndexer } from './indexer.ts';
import { createOpenSearchClient } from './opensearch/client.ts';
import { createOpenSearchEngine } from './opensearch/engine.ts';
import { createProductsIndex } from './opensearch/products-index.ts';
import { createPostgresEngine } from './postgres/engine.ts';

/** Told this often while the other engine is away. */
const TELL_EVERY_MS = 60_000;

export function startSearch(options: { url: string; database: Database; log: Logger }): {
  engine: SearchEngine;
  indexer: SearchIndexer;
} {
  const { url, database, log } = options;
  const postgres = createPostgresEngine(database);
  if (url === '') return { engine: postgres, indexer: startSearchIndexer({ database, log }) };
  const client = createOpenSearchClient(url);
  const index = createProductsIndex(client);
  let toldAt = Number.NEGATIVE_INFINITY;
  const engine = createOpenSearchEngine({
    ...{ client, index: index.name, database, postgres },
    onAway(error) {
      if (performance.now() - toldAt < TELL_EVERY_MS) return;
      toldAt = performance.now();
      log.warn({ err: error }, 'PostgreSQL searches while the search engine is away');
    },
  });
  return { engine, indexer: startSearchIndexer({ database, log, index }) };
}
