import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useOwnPostgres } from '../../test/servers/own-postgres.ts';
import { createLogger } from '../logging/logger.ts';
import { connectPostgres, type Database, withShortTransaction } from './postgres.ts';
import { type Asking, together } from './postgres-together.ts';

const server = useOwnPostgres();
const log = createLogger({ name: 'test', level: 'silent' });
let pool: Database;
let one: Database;

beforeAll(async () => {
  const connect = (max: number) => connectPostgres({ url: server.url, max, name: 'together', log });
  [pool, one] = [connect(4), connect(1)];
  await pool.query('CREATE TABLE kept (id int PRIMARY KEY, n bigint NOT NULL)');
});
afterAll(async () => {
  await Promise.all([pool.end(), one.end()]);
});

const keep = (asking: Asking, id: number) =>
  asking.query({ name: 'keep', text: 'INSERT INTO kept VALUES ($1, 7)', values: [id] });
const numbers = async (asking: Asking, upTo: number): Promise<unknown[]> => {
  const text = 'SELECT n::int8 AS n FROM generate_series(1, $1::int) n';
  return (await asking.query<{ n: number }>({ name: 'numbers', text, values: [upTo] })).rows.map(({ n }) => n);
};
const nothing = (asking: Asking) => asking.query({ name: 'nothing', text: '', values: [] });
const fail = (asking: Asking) => asking.query({ name: 'fail', text: 'SELECT 1 / $1::int', values: [0] });
const ids = async (): Promise<unknown[]> =>
  (await pool.query<{ id: number }>('SELECT id FROM kept ORDER BY id')).rows.map(({ id }) => id);

describe('together', () => {
  it('gives each its own answer, prepared or not, again and again', async () => {
    for (let round = 0; round < 3; round += 1) {
      const told = await together(one, (asking) =>
        Promise.all([
          numbers(asking, 3),
          nothing(asking),
          numbers(asking, 0),
          asking.query<{ said: string }>({ text: 'SELECT $1::text AS said', values: ['it’s'] }),
          asking.query({ text: 'SELECT 2::int8 AS two, now() AS at' }),
        ]),
      );
      expect([told[0], told[2], told[3].rows]).toEqual([[1, 2, 3], [], [{ said: 'it’s' }]]);
      expect(told[4].rows[0]).toEqual({ two: 2, at: expect.any(Date) });
    }
    expect(await together(one, async () => 'nothing asked')).toBe('nothing asked');
  });

  it('is one transaction where there is none around it', async () => {
    const done = together(pool, (asking) => Promise.allSettled([keep(asking, 1), fail(asking), keep(asking, 2)]));
    expect((await done).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await ids()).toEqual([]);
    await together(pool, (asking) => Promise.all([keep(asking, 1), keep(asking, 2)]));
    expect(await ids()).toEqual([1, 2]);
  });

  it('goes on with its connection after a failure, also with what was not prepared because of it', async () => {
    const client = await one.connect();
    try {
      const later = (asking: Asking) => asking.query({ name: 'later', text: 'SELECT 5 AS five', values: [] });
      const failed = together(client, (asking) => Promise.all([fail(asking), later(asking), numbers(asking, 1)]));
      await expect(failed).rejects.toMatchObject({ code: '22012' });
      const circle: unknown[] = [];
      circle.push({ circle });
      const unsent = (asking: Asking) => asking.query({ text: 'SELECT $1::json', values: [circle[0]] });
      const mixed = together(client, (asking) =>
        Promise.allSettled([numbers(asking, 1), unsent(asking), later(asking)]),
      );
      expect((await mixed).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      const large = (asking: Asking) => asking.query({ text: 'SELECT 9007199254740992::int8' });
      const unread = together(client, (asking) => Promise.allSettled([large(asking), numbers(asking, 2)]));
      expect((await unread).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
      expect(await together(client, numbersUpTo(2))).toEqual([1, 2]);
    } finally {
      client.release();
    }
  });

  it('reads rows by the columns of their own statement, which fails once its table has others', async () => {
    await pool.query('CREATE TABLE changed (a int8, b text)');
    const all = (asking: Asking) => asking.query({ name: 'all', text: 'SELECT * FROM changed', values: [] });
    const both = () => together(one, (asking) => Promise.all([all(asking), numbers(asking, 2)]));
    expect((await both())[0]).toMatchObject({ rows: [], fields: [{ name: 'a' }, { name: 'b' }] });
    await pool.query(`INSERT INTO changed VALUES (1, 'x')`);
    const [again, two] = await both();
    expect([again.rows, again.fields.length, two]).toEqual([[{ a: 1, b: 'x' }], 2, [1, 2]]);
    await pool.query('ALTER TABLE changed DROP COLUMN a, ADD COLUMN c text');
    await expect(both()).rejects.toThrow('cached plan must not change result type');
    expect(await together(one, numbersUpTo(2))).toEqual([1, 2]);
  });

  it('tells everybody when the connection breaks', async () => {
    const broken = together(pool, (asking) =>
      Promise.allSettled([asking.query({ text: 'SELECT pg_terminate_backend(pg_backend_pid())' }), numbers(asking, 1)]),
    );
    expect((await broken).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await together(pool, numbersUpTo(1))).toEqual([1]);
  });

  it('refuses what is asked too late', async () => {
    const late = together(pool, async (asking) => {
      await numbers(asking, 1);
      return await numbers(asking, 1);
    });
    await expect(late).rejects.toThrow('before anything is waited for');
  });
});

const numbersUpTo = (most: number) => (asking: Asking) => numbers(asking, most);

describe('a short transaction', () => {
  it('begins with what it asks first, ends with what it asks last, and has its plans as it wants them', async () => {
    const mode = (asking: Asking) => asking.query<{ plan_cache_mode: string }>({ text: 'SHOW plan_cache_mode' });
    const answer = await withShortTransaction(
      pool,
      {
        first: async (asking) => (await mode(asking)).rows[0]?.plan_cache_mode,
        async work(client, found) {
          const { rows } = await client.query('SELECT 1 FROM kept WHERE id = 11');
          return { result: [found, rows.length], last: (asking) => Promise.all([keep(asking, 11), keep(asking, 12)]) };
        },
      },
      { plannedOnce: true },
    );
    expect(answer).toEqual(['force_generic_plan', 0]);
    expect(await ids()).toEqual(expect.arrayContaining([11, 12]));
    expect((await mode(pool)).rows[0]?.plan_cache_mode).toBe('auto');
  });

  it('leaves nothing behind when its work or its last statements fail', async () => {
    const before = await ids();
    const reason = new Error('no');
    const fails = withShortTransaction(pool, {
      first: (asking) => keep(asking, 20),
      work: () => Promise.reject(reason),
    });
    await expect(fails).rejects.toBe(reason);
    const double = withShortTransaction(one, {
      first: (asking) => keep(asking, 20),
      work: async () => ({ result: 1, last: (asking) => Promise.all([keep(asking, 21), keep(asking, 20)]) }),
    });
    await expect(double).rejects.toMatchObject({ code: '23505' });
    expect(await ids()).toEqual(before);
    expect(await together(one, numbersUpTo(1))).toEqual([1]);
  });

  it('says that nothing is known when the connection breaks with the commit', async () => {
    const broken = withShortTransaction(pool, {
      first: (asking) => numbers(asking, 1),
      work: async () => ({
        result: 1,
        last: (asking) => asking.query({ text: 'SELECT pg_terminate_backend(pg_backend_pid())' }),
      }),
    });
    await expect(broken).rejects.toMatchObject({ code: 'COMMIT_OUTCOME_UNKNOWN' });
  });
});
