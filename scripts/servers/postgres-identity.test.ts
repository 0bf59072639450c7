import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { postgresIdentity } from './postgres-identity.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-identity-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const run = promisify(execFile);

it('reaches what is below a folder closed to others, and is not root', async () => {
  const inside = join(folder, 'inside');
  const file = join(inside, 'catalogue');
  await mkdir(inside, { mode: 0o700 });
  await writeFile(file, 'x', { mode: 0o600 });
  const { prefix } = await postgresIdentity({ files: [file], folders: [inside] });
  const [program = 'env', ...args] = prefix;
  const asThatUser = async (...command: string[]) => (await run(program, [...args, ...command])).stdout.trim();
  // `find` asks access(2), as the programs of PostgreSQL do; `cat` just opens.
  expect(await asThatUser('find', file, '-maxdepth', '0', '-readable')).toBe(file);
  expect(await asThatUser('cat', file)).toBe('x');
  expect(await asThatUser('id', '-u')).not.toBe('0');
});
