import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../test/servers/eventually.ts';
import { useOwnPostgres } from '../../test/servers/own-postgres.ts';
import { createLogger } from '../logging/logger.ts';
import { connectPostgres, type Database, postgresCheck, withTransaction } from './postgres.ts';

const server = useOwnPostgres();
const lines: string[] = [];
const log = createLogger({ name: 'test', level: 'debug', destination: { write: (line) => lines.push(line) } });
let pool: Database;

const connect = (max = 4, statementTimeoutMs = 2_000) =>
  connectPostgres({ url: server.url, max, name: 'orders worker', log, statementTimeoutMs });

async function one(query: string, values: unknown[] = []): Promise<unknown> {
  const { rows } = await pool.query({ text: query, values, rowMode: 'array' });
  return rows[0]?.[0];
}

beforeAll(async () => {
  pool = connect();
  await pool.query('CREATE TABLE counted (id int PRIMARY KEY, n bigint NOT NULL)');
});
afterAll(() => pool.end());

describe('connectPostgres', () => {
  it('is UTC, named, and ends a statement that takes too long', async () => {
    expect(await one('SHOW timezone')).toBe('UTC');
    expect(await one('SHOW application_name')).toBe('orders worker');
    await expect(pool.query('SELECT pg_sleep(30)')).rejects.toMatchObject({ code: '57014' });
  });

  it('gives int8 as a number, refuses what a number cannot hold, leaves the rest of pg alone', async () => {
    expect(await one('SELECT 9007199254740991::int8')).toBe(Number.MAX_SAFE_INTEGER);
    expect(await one('SELECT count(*) FROM pg_class')).toBeTypeOf('number');
    expect(await one('SELECT ARRAY[1, NULL, 3]::int8[]')).toEqual([1, null, 3]);
    await expect(one('SELECT 9007199254740992::int8')).rejects.toMatchObject({ code: 'NUMBER_TOO_LARGE' });
    await expect(one('SELECT 1')).resolves.toBe(1);
  });

  it('gives times in UTC and dates as they are', async () => {
    expect(await one(`SELECT '2026-03-29 02:30'::timestamp`)).toEqual(new Date('2026-03-29T02:30Z'));
    expect(await one(`SELECT '2026-03-29 02:30+02'::timestamptz`)).toEqual(new Date('2026-03-29T00:30Z'));
    expect(await one(`SELECT '2026-03-29'::date`)).toBe('2026-03-29');
  });
});

describe('withTransaction', () => {
  const insert = (id: number) => `INSERT INTO counted VALUES (${id}, 0)`;
  const exists = async (id: number) => (await one('SELECT count(*) FROM counted WHERE id = $1', [id])) === 1;

  it('commits and gives the result', async () => {
    expect(await withTransaction(pool, async (client) => (await client.query(insert(1))).rowCount)).toBe(1);
    expect(await exists(1)).toBe(true);
  });

  it('rolls back and throws the same error', async () => {
    const reason = new Error('no');
    const failed = withTransaction(pool, async (client) => {
      await client.query(insert(2));
      throw reason;
    });
    await expect(failed).rejects.toBe(reason);
    expect(await exists(2)).toBe(false);
    await expect(withTransaction(pool, (client) => client.query(insert(1)))).rejects.toMatchObject({ code: '23505' });
  });

  it('does not take a rollback for a commit when an error was swallowed', async () => {
    const swallowed = withTransaction(pool, async (client) => {
      await client.query(insert(3));
      await client.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(swallowed).rejects.toMatchObject({ code: 'TRANSACTION_ABORTED', retryable: false });
    expect(await exists(3)).toBe(false);
  });

  it('gives every connection back, also after failures', async () => {
    const small = connect(1);
    for (let i = 0; i < 5; i += 1) {
      await withTransaction(small, () => Promise.reject(new Error('no'))).catch(() => undefined);
    }
    await expect(small.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 });
    await small.end();
  });

  it('passes on what the server says about a commit that it refuses', async () => {
    await pool.query('CREATE TABLE later (id int REFERENCES counted (id) DEFERRABLE INITIALLY DEFERRED)');
    const refused = withTransaction(pool, (client) => client.query('INSERT INTO later VALUES (999)'));
    await expect(refused).rejects.toMatchObject({ code: '23503' });
  });

  it('says that the outcome is unknown when the connection breaks during COMMIT', async () => {
    await pool.query(`
      CREATE TABLE killer (id int);
      CREATE FUNCTION kill_self() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
      CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON killer DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION kill_self()`);
    const unknown = withTransaction(pool, (client) => client.query('INSERT INTO killer VALUES (1)'));
    await expect(unknown).rejects.toMatchObject({ code: 'COMMIT_OUTCOME_UNKNOWN', retryable: true });
    await expect(one('SELECT 1')).resolves.toBe(1);
  });
});

describe('a PostgreSQL that is killed', () => {
  it('turns the check bad and, once it is back, good again, without ending the process', async () => {
    const check = postgresCheck(pool);
    // Some that are idle, when the server dies.
    await Promise.all([1, 2, 3].map(() => pool.query('SELECT pg_sleep(0.1)')));
    await check.check();
    const holding = withTransaction(pool, (client) => client.query('SELECT pg_sleep(1.5)'));
    const failed = expect(holding).rejects.toThrow();
    await eventually(
      async () => (await one(`SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(1.5)'`)) !== 0,
      {
        withinMs: 5_000,
      },
    );
    await server.kill();
    await failed;
    await eventually(() => lines.some((line) => line.includes('PostgreSQL was lost')), { withinMs: 5_000 });
    // A backend may outlive its postmaster for an answer or two.
    const bad = () =>
      check.check().then(
        () => false,
        () => true,
      );
    await eventually(bad, { withinMs: 5_000 });
    await server.restart();
    await eventually(() => check.check().then(() => true), { withinMs: 10_000 });
  });
});
