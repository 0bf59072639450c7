/** What the processes of docker-compose.yml import is in the image that they run in. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { entryOf, readComposeFile } from './compose-file.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFile(join(root, path), 'utf8');
const [compose, dockerIgnore, dockerfile] = await Promise.all(
  ['docker-compose.yml', '.dockerignore', 'ops/images/Dockerfile'].map(read),
);
const rules = (dockerIgnore ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const ours = Object.values(readComposeFile(compose ?? '').services).filter(({ build }) => build !== undefined);
const entries = ours.map(entryOf);

/** `**` is any number of folders, `*` anything but a slash. (path.matchesGlob leaves out what begins with a dot.) */
function fits(path: string, rule: string): boolean {
  const escaped = rule.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const pattern = escaped.replace(/\*\*\/|\*/g, (stars) => (stars === '*' ? '[^/]*' : '(?:.*/)?'));
  return new RegExp(`^${pattern}$`).test(path);
}

/** As Docker reads it: the last rule that fits a file, or a folder above it, decides. */
function isInContext(path: string): boolean {
  const folders = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  const last = rules.findLast((rule) => folders.some((folder) => fits(folder, rule.replace(/^!/, ''))));
  return last === undefined || last.startsWith('!');
}

interface Cruise {
  readonly modules: readonly { readonly source: string; readonly coreModule?: boolean }[];
}

async function importsOf(files: readonly string[]): Promise<readonly string[]> {
  const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [tool, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', '--no-cache', ...files];
  const run = promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  const { stdout } = await run.catch((failure: { stdout: string }) => failure);
  const { modules }: Cruise = JSON.parse(stdout);
  return modules.filter((module) => module.coreModule !== true).map((module) => module.source);
}

describe('the image', () => {
  it('has the code of every process and all that it imports', async () => {
    const imported = await importsOf(entries);
    const own = imported.filter((path) => !path.startsWith('node_modules/'));
    expect(own).toEqual(expect.arrayContaining(entries));
    expect(own.filter((path) => !isInContext(path))).toEqual([]);
  });

  it('has every package that is imported', async () => {
    const imported = await importsOf(entries);
    const packages = imported.flatMap((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []);
    expect(packages.length).toBeGreaterThan(0);
    const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(await read('package.json'));
    const removed = [...(dockerfile ?? '').matchAll(/node_modules\/(?<name>[@a-z][\w./-]*)/g)].map(
      (m) => m.groups?.name,
    );
    const missing = packages.filter((name) => dependencies[name] === undefined || removed.includes(name));
    expect(missing).toEqual([]);
  });

  it.each(['db/migrations/0001-kinds.sql', 'lua/claim.lua', 'package.json'])('has %s', (path) => {
    expect(isInContext(path)).toBe(true);
  });

  it.each([
    '.env',
    '.git/config',
    '.dropgate/secrets.json',
    'node_modules/pg/package.json',
    'platform/config/load.test.ts',
    'contracts/events/fixtures/order-created-v1.json',
    'test/servers/redis.ts',
    'scripts/up/main.ts',
  ])('does not have %s', (path) => {
    expect(isInContext(path)).toBe(false);
  });

  it('is not run by root', () => {
    const last = (dockerfile ?? '').split(/^FROM /m).at(-1);
    expect(last).toMatch(/^USER node$/m);
  });
});
