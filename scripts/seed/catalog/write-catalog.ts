/** The command behind `npm run seed -- --products N`: writes the catalog, then indexes it, and shows how far it is. */
import { availableParallelism } from 'node:os';
import { Client, Pool } from 'pg';
import { pendingMigrations } from '../../../db/migrate.ts';
import { rebuildSearch } from '../../../db/queries/search/rebuild.ts';
import { seedCatalog } from './seed-catalog.ts';

const BAR_CHARS = 30;

export async function writeCatalog(options: { databaseUrl: string; products: number; seed: number }): Promise<number> {
  const { databaseUrl, products, seed } = options;
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  const startedAt = performance.now();
  try {
    const pending = await pendingMigrations(client);
    if (pending.length > 0) {
      throw new Error(`${pending.length} migrations are missing there; run \`npm run migrate\` first`);
    }
    const made = await withOthers(databaseUrl, (others) =>
      seedCatalog(client, { products, seed, others, tell: (done) => show(bar('products', done, products)) }),
    );
    endLine();
    console.log(`${made} products are new (${seconds(startedAt)}).`);
    await client.query('analyze products, variants, inventory, product_signals, categories, brands');
  } finally {
    await client.end();
  }
  return await indexAll(databaseUrl);
}

/** Connections beside the first one, for as long as they are needed. */
async function withOthers<T>(connectionString: string, work: (others: readonly Client[]) => Promise<T>): Promise<T> {
  const others = Array.from({ length: atOnce() - 1 }, () => new Client({ connectionString }));
  try {
    await Promise.all(others.map((other) => other.connect()));
    return await work(others);
  } finally {
    await Promise.all(others.map((other) => other.end()));
  }
}

const MOST_AT_ONCE = 4;
const atOnce = (): number => Math.min(MOST_AT_ONCE, availableParallelism());

async function indexAll(databaseUrl: string): Promise<number> {
  const connections = atOnce();
  const pool = new Pool({ connectionString: databaseUrl, max: connections + 1 });
  const startedAt = performance.now();
  try {
    const count = await rebuildSearch(pool, { connections, tell: (step) => show(`search: ${step}`) });
    endLine();
    console.log(`${count} products can be searched (${seconds(startedAt)}).`);
    return 0;
  } finally {
    await pool.end();
  }
}

function bar(what: string, done: number, all: number): string {
  const full = Math.round((BAR_CHARS * done) / all);
  return `${what} [${'#'.repeat(full)}${'.'.repeat(BAR_CHARS - full)}] ${done} of ${all}`;
}

/** One line that is written over again where somebody looks, and nothing into a file. */
function show(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}

function endLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\n');
}

const seconds = (sinceMs: number) => `${((performance.now() - sinceMs) / 1_000).toFixed(1)} s`;
