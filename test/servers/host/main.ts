/**
 * Owns every server of one test run, in a process of its own: it notices the end of the run by the end of its standard
 * input, whether the run ended well, by Ctrl-C or by kill -9, and takes the servers and their data with it.
 */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Databases } from './databases.ts';
import { createListener } from './listener.ts';
import { OwnServers } from './own-servers.ts';
import { SharedServers } from './shared-servers.ts';
import { killStrays } from './strays.ts';

/** Then what still runs is killed: a server that a test has paused answers to nothing else. */
const stopDeadlineMs = 20_000;

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: main.ts FOLDER');

const shared = new SharedServers(folder);
const own = new OwnServers(folder);
const databases = new Databases(async () => (await shared.get('postgres')).address);

const listener = createListener({
  shared: async ({ kind }) => ({ address: (await shared.get(kind)).address }),
  createDatabase: (options) => databases.create(options),
  dropDatabase: async ({ name }) => {
    await databases.drop(name);
    return {};
  },
  startOwn: ({ kind }) => own.start(kind),
  killOwn: async ({ id }) => {
    await own.kill(id);
    return {};
  },
  restartOwn: ({ id }) => own.restart(id),
  removeOwn: async ({ id }) => {
    await own.remove(id);
    return {};
  },
});

listener.listen(join(folder, 'host.sock'));
await once(listener, 'listening');
process.stdout.write('listening\n');

// Asked to stop by a signal, it ends the same way.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.stdin.destroy());
// With the reader of its output gone, a write must not end it before its servers are stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

let endedInOrder = false;
process.stdin.once('data', () => {
  endedInOrder = true;
});
await once(process.stdin, 'close');
listener.close();
// The deadline also keeps this process going until it has tidied up, whatever the servers are waiting for.
const tooLate: PromiseSettledResult<void>[] = [{ status: 'rejected', reason: `not within ${stopDeadlineMs} ms` }];
const late = delay(stopDeadlineMs, tooLate);
const stopped = await Promise.race([Promise.allSettled([shared.stop(), own.stop()]), late]);
const strays = await killStrays(folder);
await rm(folder, { recursive: true, force: true, maxRetries: 5 });
const failures = stopped.filter((result) => result.status === 'rejected');
for (const failure of failures) process.stderr.write(`a test server did not stop: ${String(failure.reason)}\n`);
// Of a run that was cut short nothing else is to be expected.
for (const { pid, command } of endedInOrder ? strays : [])
  process.stderr.write(`a test left a process behind: ${pid} ${command}\n`);
process.exit(failures.length === 0 ? 0 : 1);
