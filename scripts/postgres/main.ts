/**
 * A PostgreSQL for whoever starts this as a child process (the bench does): tells its address and its process id, and is
 * gone when the parent is. `node scripts/postgres/main.ts FOLDER [setting=value …]` keeps data and log in that folder.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from '../servers/ports.ts';
import { startPostgres } from '../servers/postgres.ts';

const PASSWORD_BYTES = 16;
const stopping = new AbortController();
// Ctrl-C reaches the whole group of processes, but only the parent knows when PostgreSQL is not needed any more.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => stopping.abort(new Error('asked to stop')));
process.on('disconnect', () => stopping.abort(new Error('the parent has gone')));

process.exit(await serve(process.argv[2], process.argv.slice(3)));

async function serve(folder: string | undefined, settings: readonly string[]): Promise<number> {
  if (folder === undefined || process.send === undefined) {
    process.stderr.write('To be started by another process with a channel: node scripts/postgres/main.ts FOLDER\n');
    return 2;
  }
  const { signal } = stopping;
  const postgres = await startPostgres({
    dataDir: join(folder, 'data'),
    logFile: join(folder, 'postgres.log'),
    port: await freePort(),
    password: randomBytes(PASSWORD_BYTES).toString('hex'),
    database: 'bench',
    settings: Object.fromEntries(settings.map(readSetting)),
    signal,
  });
  try {
    if (process.connected) process.send({ t: 'ready', address: postgres.address, pid: postgres.pid });
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return 0;
  } finally {
    await postgres.stop();
  }
}

function readSetting(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}
