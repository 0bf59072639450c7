/** `node scripts/search-index/main.ts`: indexes the whole catalog again. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { rebuildSearch } from '../../db/queries/search/rebuild.ts';
import { ConfigError, loadConfig } from '../../platform/config/load.ts';
import { connectPostgres } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createOpenSearchClient } from '../../store-api/search/opensearch/client.ts';
import { createProductsIndex } from '../../store-api/search/opensearch/products-index.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';

const HELP = `node scripts/search-index/main.ts [--queue | --engine]

Indexes the whole catalog for the search again: after a change of what is indexed, or to sort products into tiers anew.
The catalog is read while shops go on; at the end searches wait while the new rows take the place of the old ones.

  --queue    only asks the running store to index every product again, some at a time: slower, and nobody waits
  --engine   fills the index of the search engine at SEARCH_URL from what PostgreSQL has
  --help     this text`;

const EXIT_BAD_USAGE = 64;
const EXIT_BAD_CONFIG = 78;
const HOUR_MS = 3_600_000;

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return EXIT_BAD_USAGE;
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const { DATABASE_URL: url, SEARCH_URL } = loadConfig(await commandEnvironment(process.env), [
    'DATABASE_URL',
    'SEARCH_URL',
  ]);
  const log = createLogger({ name: 'search-index', level: 'silent' });
  const connections = Math.min(4, availableParallelism());
  const database = connectPostgres({
    url,
    max: connections + 1,
    name: 'search-index',
    log,
    statementTimeoutMs: HOUR_MS,
  });
  try {
    if (options.queue) {
      const { rowCount } = await database.query('insert into search_changes (product_id) select id from products');
      console.log(`${rowCount ?? 0} products wait to be indexed.`);
      return 0;
    }
    if (options.engine) {
      if (SEARCH_URL === '') {
        console.error('SEARCH_URL is not set: there is no search engine to fill.');
        return EXIT_BAD_USAGE;
      }
      const index = createProductsIndex(createOpenSearchClient(SEARCH_URL));
      await index.make();
      console.log(`${await index.fill(database)} products are in ${index.name}.`);
      return 0;
    }
    console.log(`${await rebuildSearch(database, { connections })} products can be searched.`);
    return 0;
  } finally {
    await database.end();
  }
}

function readOptions(): { help: boolean; queue: boolean; engine: boolean } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        queue: { type: 'boolean', default: false },
        engine: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(`${error.message}\nSet DATABASE_URL, or start the local servers with \`npm start\` first.`);
  process.exitCode = EXIT_BAD_CONFIG;
}
