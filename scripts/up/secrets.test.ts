import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment, withLocalServers } from './environment.ts';
import { ensureSecrets, localEnvFile, writeLocalEnv } from './secrets.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-secrets-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

describe('ensureSecrets', () => {
  it('makes them once, different ones, for their owner only', async () => {
    const made = await ensureSecrets(folder);
    expect(new Set(Object.values(made)).size).toBe(8);
    expect(await modeOf(join(folder, 'secrets.json'))).toBe('600');
    expect(await ensureSecrets(folder)).toEqual(made);
  });

  it('adds what an older version did not make, and keeps the rest', async () => {
    const old = { authSecret: 'a'.repeat(32), passSecret: 'b'.repeat(32), postgresPassword: 'c'.repeat(32) };
    await writeFile(join(folder, 'secrets.json'), JSON.stringify(old));
    const whole = await ensureSecrets(folder);
    expect(whole).toMatchObject(old);
    expect(whole.paymentApiKey).toMatch(/^sk_test_.{32}/);
    expect(await ensureSecrets(folder)).toEqual(whole);
    await writeFile(join(folder, 'secrets.json'), JSON.stringify({ ...old, paymentApiKey: 'short' }));
    await expect(ensureSecrets(folder)).rejects.toThrow('is damaged');
  });

  it('never replaces what it cannot read: the data was made with it', async () => {
    await writeFile(join(folder, 'secrets.json'), '{"authSecret":"cut sho');
    await expect(ensureSecrets(folder)).rejects.toThrow('is damaged');
  });
});

describe('writeLocalEnv', () => {
  it('reads the same in Node and in a shell, whatever the value', async () => {
    const values = {
      DATABASE_URL: 'postgres://a:b%27@h/x?y=$HOME',
      AUTH_SECRET: 'plain #1',
      PASS_SECRET: "it's said",
    };
    const path = localEnvFile(folder);
    await writeLocalEnv(path, { ...values, ODD: `it's $(touch ${join(folder, 'run')})` });
    expect(await modeOf(path)).toBe('600');
    const read = await withLocalServers({ REDIS_URL: 'redis://elsewhere' }, path);
    expect(read).toEqual({ ...values, REDIS_URL: 'redis://elsewhere' });
    const { stdout } = await promisify(execFile)('sh', ['-c', `. ${path} && printf %s "$DATABASE_URL"`]);
    expect(stdout).toBe(values.DATABASE_URL);
    await expect(stat(join(folder, 'run'))).rejects.toThrow('ENOENT');
  });
});

describe('readEnvironment', () => {
  it('lets the environment win over .env, and takes an empty value for an unset one', async () => {
    await writeFile(join(folder, '.env'), 'STORE_PORT=1\nEDGE_PORT=2\nLOG_LEVEL=\n');
    const environment = await readEnvironment({ STORE_PORT: '3', EDGE_PORT: '' }, folder);
    expect(environment).toEqual({ STORE_PORT: '3', EDGE_PORT: '2' });
  });
});
