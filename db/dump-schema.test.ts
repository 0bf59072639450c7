import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../test/servers/database.ts';
import { dumpSchema } from './dump-schema.ts';
import { migrate } from './migrate.ts';

const committed = () => readFile(new URL('./schema.sql', import.meta.url), 'utf8');

describe('db/schema.sql', () => {
  const migrated = useDatabase();
  const empty = useDatabase({ migrated: false });

  it('is what the migrations make (if not: run `npm run migrate -- --dump` and commit the file)', async () => {
    expect(await dumpSchema(migrated.pool)).toBe(await committed());
  });

  it('makes the same schema again when it is run', async () => {
    await empty.pool.query(await committed());
    expect(await dumpSchema(empty.pool)).toBe(await committed());
  });
});

describe('the dump', () => {
  const database = useDatabase();

  it('does not change with the months that exist', async () => {
    const before = await dumpSchema(database.pool);
    await database.pool.query(`select make_month_partitions('2031-01-01', 3)`);
    await migrate({ databaseUrl: database.url });
    expect(await dumpSchema(database.pool)).toBe(before);
  });

  it.each([
    ['a column', 'alter table orders add column extra int'],
    ['a check', 'alter table inventory drop constraint reserved_is_on_hand'],
    ['an index', 'drop index one_kept_payment'],
    ['a trigger', 'drop trigger orders_step_lawfully on orders'],
    [
      'a function',
      `create or replace function first_id_of_month(month date) returns uuid language sql as 'select null::uuid'`,
    ],
    ['a default', 'alter table orders alter column step drop default'],
    ['not null', 'alter table orders alter column placed_at drop not null'],
    ['a comment', `comment on table orders is 'other'`],
    ['an extension', 'create extension hstore'],
    ['a kind of value', `alter type order_status add value 'LOST'`],
  ])('shows a change of %s', async (_, change) => {
    const before = await dumpSchema(database.pool);
    await database.pool.query(change);
    expect(await dumpSchema(database.pool)).not.toBe(before);
  });

  it.each([
    ['a view', 'create view seen as select 1 as one', 'drop view seen', 'relation seen'],
    ['a schema', 'create schema other', 'drop schema other', 'schema other'],
  ])('refuses %s, which it does not know', async (_, make, unmake, named) => {
    await database.pool.query(make);
    await expect(dumpSchema(database.pool)).rejects.toThrow(named);
    await database.pool.query(unmake);
  });
});
