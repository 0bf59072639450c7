import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../test/servers/database.ts';
import { migrate, pendingMigrations, readApplied } from './migrate.ts';
import { MIGRATIONS_DIRECTORY, readMigrationFiles } from './migration-files.ts';

describe('the migrations of this code', () => {
  const database = useDatabase({ migrated: false });

  it('are applied once when two migrators start at once, and none is pending then', async () => {
    const files = await readMigrationFiles(MIGRATIONS_DIRECTORY);
    expect(await pendingMigrations(database.pool)).toEqual(files.map((file) => file.name));
    const runs = await Promise.all([
      migrate({ databaseUrl: database.url }),
      migrate({ databaseUrl: database.url }),
      migrate({ databaseUrl: database.url }),
    ]);
    expect(runs.flatMap((run) => run.applied)).toEqual(files.map((file) => file.name));
    expect(runs.filter((run) => run.applied.length > 0)).toHaveLength(1);
    expect(await pendingMigrations(database.pool)).toEqual([]);
    const applied = await readApplied(database.pool);
    expect(applied.map((row) => row.checksum)).toEqual(files.map((file) => file.checksum));
  });
});

describe('the runner', () => {
  const database = useDatabase({ migrated: false });
  let directory = '';

  const write = (name: string, sql: string) => writeFile(join(directory, name), sql);
  const run = () => migrate({ databaseUrl: database.url, directory });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dropgate-migrations-'));
    await database.pool.query('drop schema public cascade; create schema public');
    await write('0001-one.sql', 'create table one (id int);');
    await write('0002-two.sql', 'create table two (id int);');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('applies only what is new', async () => {
    expect((await run()).applied).toEqual(['0001-one', '0002-two']);
    await write('0003-three.sql', 'create table three (id int);');
    expect(await pendingMigrations(database.pool, directory)).toEqual(['0003-three']);
    expect((await run()).applied).toEqual(['0003-three']);
    expect((await run()).applied).toEqual([]);
  });

  it('refuses a database that is newer than the code, and changes nothing', async () => {
    await write('0003-three.sql', 'create table three (id int);');
    await run();
    await rm(join(directory, '0003-three.sql'));
    const refusal = { code: 'DATABASE_IS_NEWER', message: expect.stringContaining('0003-three') };
    await expect(run()).rejects.toMatchObject(refusal);
    await expect(pendingMigrations(database.pool, directory)).rejects.toMatchObject(refusal);
  });

  it('refuses a file that was changed after it was applied', async () => {
    await run();
    await write('0001-one.sql', 'create table one (id bigint);');
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_CHANGED',
      message: expect.stringContaining('0001-one is not what was applied'),
    });
  });

  it('takes a file with other line ends for the same', async () => {
    await write('0001-one.sql', 'create table one (\n  id int\n);\n');
    await run();
    await write('0001-one.sql', 'create table one (\r\n  id int\r\n);\r\n');
    expect((await run()).applied).toEqual([]);
  });

  it('refuses a gap in what was applied', async () => {
    await run();
    await database.pool.query('delete from schema_migrations where version = 1');
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_GAP',
      message: expect.stringContaining('has 0002-two applied, but not 0001-one'),
    });
  });

  it.each([
    ['0004-four.sql', 'where number 0003 is expected'],
    ['0002-again.sql', 'without holes or doubles'],
    ['three.sql', 'is not the name of a migration'],
  ])('refuses %s among the files', async (name, message) => {
    await write(name, 'select 1;');
    await expect(run()).rejects.toMatchObject({
      code: 'BAD_MIGRATION_FILES',
      message: expect.stringContaining(message),
    });
  });

  it('leaves nothing of a migration that fails, and keeps those before it', async () => {
    await write('0003-three.sql', 'create table three (id int); select 1 / 0;');
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('division by zero'),
    });
    const { rows } = await database.pool.query(`select to_regclass('two') as two, to_regclass('three') as three`);
    expect(rows).toEqual([{ two: 'two', three: null }]);
    expect(await pendingMigrations(database.pool, directory)).toEqual(['0003-three']);
  });

  it('refuses a migration that ends its own transaction', async () => {
    await write('0003-three.sql', 'create table three (id int); commit; create table four (id int);');
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('must not begin or end a transaction'),
    });
  });

  it('gives its lock back after a failure', async () => {
    await write('0003-three.sql', 'nonsense;');
    await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    await cp(join(directory, '0002-two.sql'), join(directory, '0003-three.sql'));
    await write('0003-three.sql', 'create table three (id int);');
    expect((await run()).applied).toEqual(['0003-three']);
  });
});
