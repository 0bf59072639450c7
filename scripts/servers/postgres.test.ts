import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, whoListens } from './ports.ts';
import { startPostgres } from './postgres.ts';
import type { LocalServer } from './server.ts';

let folder = '';
const running: LocalServer[] = [];
beforeEach(async () => {
  // 0700, as mkdtemp makes it: as root this is the folder that the postgres user cannot enter.
  folder = await mkdtemp(join(tmpdir(), 'dropgate-postgres-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

const password = "p@ss:/word '1'";

async function start(options: { port: number; password?: string; settings?: Record<string, string> }) {
  const server = await startPostgres({
    dataDir: join(folder, 'data'),
    logFile: join(folder, 'postgres.log'),
    password,
    database: 'dropgate',
    ...options,
  });
  running.push(server);
  return server;
}

async function rowsOf(address: string, query: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: address });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(query)).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  it('serves in a folder closed to others, keeps what was committed through kill -9, and stops', async () => {
    const port = await freePort();
    const first = await start({ port });
    expect(new URL(first.address).password).not.toBe('');
    await rowsOf(first.address, 'create table told as select 1 as yes');

    process.kill(first.pid, 'SIGKILL');
    await first.exited;

    const second = await start({ port, settings: { fsync: 'off' } });
    expect(await rowsOf(second.address, 'select yes from told')).toEqual([{ yes: 1 }]);
    expect(await rowsOf(second.address, 'show fsync')).toEqual([{ fsync: 'off' }]);
    expect(await rowsOf(second.address, 'show timezone')).toEqual([{ TimeZone: 'UTC' }]);
    expect(await rowsOf(second.address, "select upper('żółw éà') as upper")).toEqual([{ upper: 'ŻÓŁW ÉÀ' }]);
    expect((await readdir(join(folder, 'data'))).toSorted()).toEqual(['cluster']);
    await second.stop();
    expect(await second.exited).toEqual({ code: 0, signal: null });
    expect(await whoListens(port)).toBeUndefined();
  });

  it('lets nobody in without the password, and says so when it is another', async () => {
    const port = await freePort();
    const first = await start({ port });
    const stranger = new URL(first.address);
    stranger.password = 'wrong';
    await expect(rowsOf(stranger.href, 'select 1')).rejects.toThrow('password authentication failed');
    await first.stop();
    await expect(start({ port, password: 'another' })).rejects.toThrow('was made with another password');
  });

  it('begins again when it was ended while it made its data', async () => {
    await mkdir(join(folder, 'data', 'cluster.unfinished', 'base'), { recursive: true });
    const server = await start({ port: await freePort() });
    expect(await rowsOf(server.address, 'select current_database() as name')).toEqual([{ name: 'dropgate' }]);
  });
});
