import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { erase, exportTo, type Parts, status } from './commands.ts';
import { readOptions } from './options.ts';

const database = useDatabase();

it('exports into a file that only its owner reads, asks for an erasure, and tells how far it is', async () => {
  const told: string[] = [];
  const parts: Parts = {
    ...{ database: database.pool, live: undefined, clock: systemClock, nextId: createIdSource(systemClock) },
    tell: (line) => told.push(line),
  };
  const userId = newId();
  await database.pool.query(`insert into users (id, email, name) values ($1, 'ada@people.example', 'Ada')`, [userId]);
  const folder = await mkdtemp(join(tmpdir(), 'privacy-'));
  try {
    const out = join(folder, 'ada.json');
    expect(await exportTo(parts, userId, out)).toBe(0);
    expect(JSON.parse(await readFile(out, 'utf8')).account).toMatchObject([{ name: 'Ada' }]);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    await expect(exportTo(parts, userId, out)).rejects.toMatchObject({ code: 'EEXIST' });
  } finally {
    await rm(folder, { recursive: true });
  }
  expect(await exportTo(parts, newId(), undefined)).toBe(1);
  expect(await erase(parts, userId, true)).toBe(0);
  expect(await status(parts, userId)).toBe(0);
  expect(told.at(-1)).toMatch(/ erasure waiting, asked .*, due /);
  const journal = await database.pool.query('select action, actor_id from audit_log where subject_id = $1', [userId]);
  expect(journal.rows.map(({ action }) => action)).toContain('privacy.erasure-asked');

  await database.pool.query(`update users set role = 'admin' where id = $1`, [userId]);
  expect(await erase(parts, userId, false)).toBe(1);
  expect(told.at(-1)).toContain('the role admin');
});

it('says what is wrong with its arguments', () => {
  for (const args of [[], ['erase'], ['erase', '--user', 'ada'], ['burn', '--user', newId()], ['export', 'all']]) {
    expect(() => readOptions(args), args.join(' ')).toThrow();
  }
  const userId = newId();
  expect(readOptions(['erase', '--user', userId, '--now'])).toEqual({ command: 'erase', userId, now: true });
});
