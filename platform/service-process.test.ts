/** The same service as a real process: real signals, real exits, a real parent. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const service = new URL('./service.ts', import.meta.url).href;
const children: ChildProcess[] = [];
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-service-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ran {
  readonly child: ChildProcess;
  readonly output: { text: string };
  /** Resolves when the process has written it. */
  written(text: string): Promise<void>;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

async function main(name: string, options: string): Promise<string> {
  const path = join(folder, `${name}.mjs`);
  await writeFile(path, `import { runService } from '${service}';\nawait runService(process, ${options});\n`);
  return path;
}

function watch(child: ChildProcess): Ran {
  children.push(child);
  const output = { text: '' };
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output.text += chunk;
      for (const look of waiting) look();
    });
  }
  // Not 'close' of the child, which never comes for one whose channel was disconnected from this side.
  const silent = [child.stdout, child.stderr].map((stream) => (stream === null ? undefined : once(stream, 'close')));
  const ended = Promise.all([once(child, 'exit'), ...silent]).then(([[code, signal]]) => ({ code, signal }));
  const written = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (output.text.includes(text)) resolve();
      };
      waiting.add(look);
      look();
      ended.then(() => reject(new Error(`it ended without "${text}":\n${output.text}`)), reject);
    });
  return { child, output, written, ended };
}

async function environment(more: Record<string, string> = {}): Promise<Record<string, string>> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  return { OPS_PORT: typeof bound === 'object' && bound !== null ? String(bound.port) : '', ...more };
}

async function run(name: string, options: string, more?: Record<string, string>): Promise<Ran> {
  return watch(spawn(process.execPath, [await main(name, options)], { env: await environment(more) }));
}

describe('a real process', () => {
  it('prints every configuration problem, nothing else, and exits with 78', async () => {
    const { output, ended } = await run(
      'config',
      `{ name: 'x', variables: ['EDGE_PORT', 'DATABASE_URL', 'AUTH_SECRET'], start: async () => undefined }`,
      { OPS_PORT: '0', EDGE_PORT: 'abc', AUTH_SECRET: 'hunter2' },
    );
    expect(await ended).toEqual({ code: 78, signal: null });
    expect(output.text.trimEnd().split('\n')).toEqual([
      'Dropgate cannot start with this environment:',
      '  OPS_PORT must be a port from 1 to 65535; "0" is not.',
      '  EDGE_PORT must be a port from 1 to 65535; "abc" is not.',
      expect.stringContaining('  DATABASE_URL is not set: it must be a URL that starts with postgres:'),
      '  AUTH_SECRET must be a secret of at least 32 characters; its value (not shown) is not.',
    ]);
  });

  it('finishes the work in hand on SIGTERM and exits with 0', async () => {
    const { child, output, written, ended } = await run(
      'graceful',
      `{ name: 'x', variables: [], async start({ log, onStop }) {
        onStop('work', () => new Promise((resolve) => setTimeout(() => { log.info('work is done'); resolve(); }, 300)));
      } }`,
    );
    await written('"msg":"ready"');
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(output.text).toMatch(/stopping[\s\S]*work is done[\s\S]*"msg":"stopped"/);
  });

  it('exits with 1 when the work takes longer than it may, and names it', async () => {
    const { child, output, written, ended } = await run(
      'late',
      `{ name: 'x', variables: [], async start({ onStop }) { onStop('endless work', () => new Promise(() => undefined)); } }`,
      { SHUTDOWN_TIMEOUT_MS: '200' },
    );
    await written('"msg":"ready"');
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 1, signal: null });
    expect(output.text).toContain('"hung":"endless work"');
  });

  it('stops in order after an exception that nobody caught', async () => {
    const { output, ended } = await run(
      'bug',
      `{ name: 'x', variables: [], async start({ log, onStop }) {
        onStop('part', () => log.info('the part is closed'));
        setTimeout(() => { throw new Error('a bug with password=hunter2'); }, 50);
      } }`,
    );
    expect(await ended).toEqual({ code: 1, signal: null });
    expect(output.text).toMatch(/a bug with password=\[redacted\][\s\S]*the part is closed/);
    expect(output.text).not.toContain('hunter2');
  });

  it('stops when its parent is gone', async () => {
    const path = await main('orphan', `{ name: 'x', variables: [], start: async () => undefined }`);
    const child = fork(path, { env: await environment(), silent: true });
    const { written, ended } = watch(child);
    const told = once(child, 'message');
    await written('"msg":"ready"');
    expect(await told).toContainEqual(expect.objectContaining({ type: 'ready', service: 'x' }));
    child.disconnect();
    expect(await ended).toEqual({ code: 0, signal: null });
  });
});
