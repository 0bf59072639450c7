/**
 * A made-up catalog in a database of its own, which grows from one size to the next and is never sold from: each stage
 * gets a copy. So the products of a smaller size are not written again for a larger one.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type OrderServers, OUR_DATABASE } from '../orders/servers.ts';

export interface Catalog {
  /** Seconds that it took to write and to index all of it, those of the smaller sizes included. */
  growTo(products: number, signal: AbortSignal): Promise<number>;
  copyTo(database: string): Promise<void>;
}

const NAME = 'store_catalog';
const SEED = join(import.meta.dirname, '../../scripts/seed/main.ts');
/** While it is written nothing has to outlive a crash, and nothing of it is measured. None of these needs a restart. */
const CARELESS = ['fsync', 'full_page_writes', 'synchronous_commit', 'autovacuum'] as const;

export async function createCatalog({ admin, postgres }: OrderServers): Promise<Catalog> {
  await admin.query(`create database ${NAME} template ${OUR_DATABASE}`);
  const env = { DATABASE_URL: postgres.urlOf(NAME), PATH: process.env['PATH'] };
  let seconds = 0;
  return {
    async growTo(products, signal) {
      const startedAtMs = performance.now();
      for (const name of CARELESS) await admin.query(`alter system set ${name} = off`);
      await admin.query('select pg_reload_conf()');
      try {
        await promisify(execFile)(process.execPath, [SEED, '--products', String(products)], { env, signal });
      } finally {
        for (const name of CARELESS) await admin.query(`alter system reset ${name}`);
        await admin.query('select pg_reload_conf()');
        // What was written carelessly is on the disk before anything is measured.
        await admin.query('checkpoint');
      }
      seconds += (performance.now() - startedAtMs) / 1_000;
      return seconds;
    },
    async copyTo(database) {
      // Page by page through the log, as is the default, a million products would take minutes.
      await admin.query(`create database ${database} template ${NAME} strategy file_copy`);
    },
  };
}
