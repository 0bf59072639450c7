/** `npm test` itself, with real commands and a real Vitest over files that pass, fail and hide. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../scripts/verify/run-command.ts';
import type { Step } from '../../scripts/verify/static-steps.ts';
import { verify } from '../../scripts/verify/verify.ts';

const root = join(import.meta.dirname, '../..');
const main = join(root, 'scripts/verify/main.ts');

const script = (name: string, code: string): Step => ({
  name,
  command: { file: process.execPath, args: ['-e', code] },
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-house-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(steps: readonly Step[], vitestArgs?: readonly string[], provideTools = async () => true) {
  let printed = '';
  const counts = await verify({
    root: folder,
    provideTools,
    steps,
    ...(vitestArgs === undefined ? {} : { tests: vitest(vitestArgs) }),
    // What Vitest itself says about tests that are made to fail would confuse in the log of this run.
    showTests: false,
    signal: new AbortController().signal,
    print: (text) => {
      printed += text;
    },
  });
  return { ...counts, printed, lastLine: printed.trimEnd().split('\n').at(-1) };
}

function vitest(args: readonly string[]) {
  const options = ['run', '--globals', '--root', folder, '--config', 'none.config.ts'];
  return { file: process.execPath, args: [join(root, 'node_modules/vitest/vitest.mjs'), ...options, ...args] };
}

describe('verify', () => {
  beforeAll(async () => {
    const files = {
      'none.config.ts': 'export default {};',
      'good.test.ts': "it('one', () => {}); it('two', () => {});",
      'bad.test.ts': "it('fine', () => {}); it('wrong', () => { expect(1).toBe(2); });",
      'hidden.test.ts': "it('runs', () => {}); it.skip('skipped', () => {}); it.todo('later');",
      'broken.test.ts': "throw new Error('cannot be loaded');",
      'late.test.ts': "it('ends too early', () => { Promise.reject(new Error('nobody waited')); });",
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  });

  it('counts a step like a test and ends with the counts', async () => {
    const { passed, failed, lastLine } = await run([script('a', ''), script('b', '')], ['good']);
    expect({ passed, failed, lastLine }).toEqual({ passed: 4, failed: 0, lastLine: '4 passed, 0 failed' });
  });

  it('shows what a failing step said, runs the others, and hides what a passing one said', async () => {
    const steps = [
      script('noisy', "console.error('all is well')"),
      script('broken', "console.log('out'); console.error('err'); process.exit(3)"),
      { name: 'absent', command: { file: join(folder, 'no-such-program'), args: [] }, remedy: 'install it' },
    ];
    const { printed, lastLine } = await run(steps, ['good']);
    expect(lastLine).toBe('3 passed, 2 failed');
    expect(printed).toContain('--- broken: failed with 3 ---\nout\nerr\n');
    expect(printed).toMatch(/--- absent: failed with 127 ---\n.*ENOENT\n\(install it\)/);
    expect(printed).not.toContain('all is well');
  });

  it('counts what the tests run on as one failure where it cannot be had, and runs them all the same', async () => {
    expect(await run([], ['good'], async () => false)).toMatchObject({ lastLine: '2 passed, 1 failed' });
    const breaking = () => Promise.reject(new Error('apt is not itself'));
    expect(await run([], ['good'], breaking)).toMatchObject({ lastLine: '2 passed, 1 failed' });
    expect(await run([], ['good'], async () => true)).toMatchObject({ lastLine: '2 passed, 0 failed' });
  });

  it('counts failed, hidden and unloadable tests as failed', async () => {
    const { lastLine, printed } = await run([], ['good', 'bad', 'hidden', 'broken']);
    expect(lastLine).toBe('4 passed, 4 failed');
    expect(printed).toContain('did not run (skipped)');
    expect(printed).toContain('did not run (todo)');
    expect(printed).toContain('failed outside of its tests');
  });

  it('fails on an error that no test caught', async () => {
    expect(await run([], ['late'])).toMatchObject({ lastLine: '1 passed, 1 failed' });
  });

  it('fails when no test ran', async () => {
    expect(await run([], ['nothing-is-called-so'])).toMatchObject({ lastLine: '0 passed, 1 failed' });
  });
});

describe('the command', () => {
  const signal = new AbortController().signal;
  const command = (...args: string[]) =>
    runCommand({ file: process.execPath, args: [main, ...args] }, { cwd: folder, show: false, signal });

  it('explains itself', async () => {
    const { exitCode, output } = await command('--help');
    expect(exitCode).toBe(0);
    expect(output).toContain('N passed, N failed');
  });
});
