import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    hostSocket: string;
  }
}

/**
 * Starts the host of the servers, not the servers: each is started by the first test file that asks for it, so that a
 * run of unit tests waits for none of them.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'dropgate-test-'));
  // Passable, as PostgreSQL runs as a user of its own when the tests run as root.
  await chmod(folder, 0o711);
  // The temporary folders of the tests themselves end with the run as well, and so does what still works in them.
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  await chmod(temporary, 0o1777);
  for (const { config } of project.vitest.projects) config.env = { ...config.env, TMPDIR: temporary };
  const host = spawn(process.execPath, [join(import.meta.dirname, 'host/main.ts'), folder], {
    // A group of its own: Ctrl-C reaches the host as the end of its input, and its servers not at all.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    await listening(host);
  } catch (error) {
    host.kill();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  project.provide('hostSocket', join(folder, 'host.sock'));
  return async () => {
    host.stdin?.end('the tests are over\n');
    if (host.exitCode === null && host.signalCode === null) await once(host, 'exit');
  };
}

async function listening(host: ChildProcess): Promise<void> {
  if (host.stdout === null) throw new Error('the host of the test servers has no output');
  const lines = createInterface({ input: host.stdout });
  const ended = once(host, 'exit').then(([code]) => {
    throw new Error(`the host of the test servers ended with ${code} before it listened; Node is ${process.version}`);
  });
  await Promise.race([once(lines, 'line'), ended]);
  ended.catch(() => undefined);
}
