import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, LAUNCHER, type RunRecord, type RunRecords } from './run-records.ts';
import { SERVER_NAMES } from './settings.ts';

export interface StopOptions {
  readonly records: RunRecords;
  /** How long the launcher may take to stop everything in order, and then each process that it left. */
  readonly launcherDeadlineMs: number;
  readonly processDeadlineMs: number;
  tell(line: string): void;
}

const BETWEEN_LOOKS_MS = 50;

/** Ends what `npm start` runs, and what an earlier one left: only recorded processes that are still the same ones. */
export async function stopEverything(options: StopOptions): Promise<{ stopped: number }> {
  const { records, tell } = options;
  let stopped = 0;
  const launcher = records.alive().find(({ name }) => name === LAUNCHER);
  if (launcher !== undefined) {
    tell(`npm start runs (process ${launcher.pid}); asking it to stop.`);
    await end(launcher, 'SIGTERM', options.launcherDeadlineMs, options);
    stopped += 1;
  }
  // What is left now has nobody who looks after it. Ours go first: they finish what they have begun with their servers.
  // Not by a list of their names: how many edges there are is a setting, which may be another one by now.
  for (const servers of [false, true]) {
    const left = records.alive().filter((record) => isServer(record) === servers);
    for (const record of left) tell(`${record.name} (process ${record.pid}) was left over; asking it to stop.`);
    await Promise.all(left.map((record) => end(record, stopSignal(record), options.processDeadlineMs, options)));
    stopped += left.length;
  }
  return { stopped };
}

function isServer({ name }: RunRecord): boolean {
  return SERVER_NAMES.some((server) => server === name);
}

/** PostgreSQL takes SIGTERM for "when all sessions have ended", SIGINT for "now, in order". */
function stopSignal({ name }: RunRecord): NodeJS.Signals {
  return name === 'postgres' ? 'SIGINT' : 'SIGTERM';
}

async function end(record: RunRecord, signal: NodeJS.Signals, deadlineMs: number, options: StopOptions): Promise<void> {
  const { records, tell } = options;
  sendSignal(record, signal);
  if (!(await isGoneWithin(record, deadlineMs))) {
    tell(`${record.name} (process ${record.pid}) did not stop within ${deadlineMs / 1000} s; SIGKILL.`);
    sendSignal(record, 'SIGKILL');
    await isGoneWithin(record, deadlineMs);
  }
  records.remove(record.name);
}

/** Looked at again and again, since only a parent is told of an end. */
async function isGoneWithin(record: RunRecord, deadlineMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + deadlineMs;
  while (isAlive(record)) {
    if (performance.now() > giveUpAt) return false;
    await delay(BETWEEN_LOOKS_MS);
  }
  return true;
}

/** Looked at once more right before, so that the pid of one that has just ended is never somebody else's. */
function sendSignal(record: RunRecord, signal: NodeJS.Signals): void {
  if (!isAlive(record)) return;
  try {
    process.kill(record.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
