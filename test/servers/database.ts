import { Pool } from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { FromBeforeAll } from './from-before-all.ts';
import { askDeadlineMs, askHost } from './host/client.ts';

export interface TestDatabase {
  readonly url: string;
  readonly pool: Pool;
}

/** A database of this file's own: a copy of the migrated one, or an empty one with `migrated: false`. */
export function useDatabase(options: { migrated?: boolean } = {}): TestDatabase {
  const database = new FromBeforeAll<TestDatabase & { name: string }>('the database');
  beforeAll(async () => {
    const { name, url } = await askHost('createDatabase', { migrated: options.migrated ?? true });
    const pool = new Pool({ connectionString: url, max: 5, options: '-c timezone=UTC' });
    // An idle connection that the end of the database cuts is no failure of a test.
    pool.on('error', () => undefined);
    database.set({ name, url, pool });
  }, askDeadlineMs);
  afterAll(async () => {
    const made = database.valueIfThere;
    await made?.pool.end();
    if (made !== undefined) await askHost('dropDatabase', { name: made.name });
  });
  return {
    get url() {
      return database.value.url;
    },
    get pool() {
      return database.value.pool;
    },
  };
}
