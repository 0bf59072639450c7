/** `node scripts/search-quality/main.ts`: asks 200 queries with known answers and prints how many were answered well. */
import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from '../../platform/config/load.ts';
import { connectPostgres } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createPostgresEngine } from '../../store-api/search/postgres/engine.ts';
import { commandEnvironment, shownDatabase } from '../migrate/command-environment.ts';
import { productId } from '../seed/catalog/product.ts';
import { measure, type Quality } from './measure.ts';
import { readQueries } from './queries.ts';

const HELP = `node scripts/search-quality/main.ts [--missed]

Asks the search 200 queries whose answers are known, 100 of them mistyped, and prints for both halves:
  MRR@10  the mean of 1/place of the first right answer among ten
  hit@10  how many have a right answer among ten
  zero    how many find nothing

It needs the made-up catalog of at least 20,000 products: npm run seed -- --products 20000

  --missed  name the queries without a right answer
  --help    this text`;

const SMALLEST = 20_000;
const EXIT_BAD_USAGE = 64;
const EXIT_BAD_CONFIG = 78;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { missed: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    strict: false,
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  if (Object.keys(values).some((name) => name !== 'missed')) {
    console.error(HELP);
    return EXIT_BAD_USAGE;
  }
  const { DATABASE_URL: url } = loadConfig(await commandEnvironment(process.env), ['DATABASE_URL']);
  const log = createLogger({ name: 'search-quality', level: 'silent' });
  const database = connectPostgres({ url, max: 2, name: 'search-quality', log });
  try {
    const { rows } = await database.query<{ products: number; made: boolean }>(
      `select (select count(*) from search_products)::int as products,
        exists (select from search_products where product_id = $1) as made`,
      [productId(SMALLEST - 1)],
    );
    if (rows[0]?.made !== true) {
      console.error(`${shownDatabase(url)} has no made-up catalog: npm run seed -- --products ${SMALLEST}`);
      return 1;
    }
    const engine = createPostgresEngine(database);
    const queries = await readQueries();
    console.log(`${engine.name}, ${rows[0].products} products`);
    for (const typo of [false, true]) {
      const quality = await measure(
        engine,
        queries.filter((query) => query.typo === typo),
        Date.now(),
      );
      print(typo ? 'mistyped' : 'as meant', quality, values.missed === true);
    }
    return 0;
  } finally {
    await database.end();
  }
}

function print(half: string, { queries, mrr, hit, zero, missed }: Quality, withMissed: boolean): void {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  console.log(
    `${half}: ${queries} queries, MRR@10 ${mrr.toFixed(3)}, hit@10 ${percent(hit)}, zero results ${percent(zero)}`,
  );
  if (withMissed) for (const q of missed) console.log(`  missed: ${q}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(`${error.message}\nSet DATABASE_URL, or start the local servers with \`npm start\` first.`);
  process.exitCode = EXIT_BAD_CONFIG;
}
