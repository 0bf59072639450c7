import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killStrays } from './strays.ts';

async function startIn(cwd: string) {
  const waits = ['-e', 'setInterval(() => {}, 1000); console.log("up")'];
  const child = spawn(process.execPath, waits, { cwd, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  return child;
}

it('kills what works below the folder and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'strays-'));
  await mkdir(join(folder, 'inside', 'deep'), { recursive: true });
  const inside = await startIn(join(folder, 'inside', 'deep'));
  const outside = await startIn(folder);

  const ended = once(inside, 'exit');
  const strays = await killStrays(join(folder, 'inside'));
  expect(strays).toEqual([{ pid: inside.pid, command: expect.stringContaining('setInterval') }]);
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(outside.exitCode).toBeNull();

  outside.kill('SIGKILL');
  await once(outside, 'exit');
  expect(await killStrays(join(folder, 'inside'))).toEqual([]);
  await rm(folder, { recursive: true });
});
