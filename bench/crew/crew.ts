/** Child processes that get orders and answer each with one report: generators of load, and bare servers. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { basename, dirname } from 'node:path';
import { type Profiled, profiled } from '../machine/profiling.ts';

/** Plain data, since it crosses processes; `t` says which it is. */
export interface Note {
  readonly t: string;
}

export interface Failed {
  readonly t: 'failed';
  readonly reason: string;
}

export interface CrewOptions {
  readonly program: string;
  readonly count: number;
  readonly signal: AbortSignal;
}

export interface Crew<Order extends Note, Report extends Note> {
  readonly pids: readonly number[];
  /** Gives each its order. */
  order(orderOf: (at: number) => Order): void;
  /** The next report of this kind of each of them, in their order. Whoever fails or ends instead makes it fail. */
  reports<T extends Report['t']>(t: T): Promise<readonly Extract<Report, { t: T }>[]>;
  end(): Promise<void>;
}

const END_DEADLINE_MS = 5_000;

export function startCrew<Order extends Note, Report extends Note>(options: CrewOptions): Crew<Order, Report> {
  const { program, count, signal } = options;
  signal.throwIfAborted();
  // `generator`, `bare`: the folder says what they are.
  const part = basename(dirname(program));
  const members = Array.from({ length: count }, () => startMember(program, profiled(part)));
  const children = members.map(({ child }) => child);
  // An order that could not be sent: the end of the child is told by 'exit'.
  for (const child of children) child.on('error', () => undefined);
  return {
    pids: children.map(({ pid }) => pid ?? 0),
    order(orderOf) {
      children.forEach((child, at) => {
        child.send(orderOf(at));
      });
    },
    reports: (t) => Promise.all(children.map((child) => reportOf<Report, typeof t>(child, t, signal))),
    async end() {
      await Promise.all(members.map(endMember));
    },
  };
}

interface Member {
  readonly child: ChildProcess;
  readonly watched: Profiled;
}

function startMember(program: string, watched: Profiled): Member {
  const { isWanted, execArgv } = watched;
  // The inspector tells its address on stderr.
  const child = fork(program, {
    execArgv: [...execArgv],
    stdio: ['ignore', 'inherit', isWanted ? 'pipe' : 'inherit', 'ipc'],
  });
  watched.watch(child);
  child.stderr?.pipe(process.stderr, { end: false });
  // From its first report on: before, it loads its program, which is busier than any load. One that does not come to life
  // says so itself.
  child.once('message', () => {
    watched.begin().catch(() => undefined);
  });
  return { child, watched };
}

async function endMember({ child, watched }: Member): Promise<void> {
  await watched.end();
  await endChild(child);
}

function reportOf<Report extends Note, T extends Report['t']>(
  child: ChildProcess,
  t: T,
  signal: AbortSignal,
): Promise<Extract<Report, { t: T }>> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      child.off('error', reject);
      signal.removeEventListener('abort', onAbort);
      then();
    };
    const onMessage = (note: Report | Failed): void => {
      if (isFailed(note)) settle(() => reject(new Error(`A process of the bench failed: ${note.reason}`)));
      else if (isA<Report, T>(note, t)) settle(() => resolve(note));
    };
    const onExit = (code: number | null): void =>
      settle(() => reject(new Error(`A process of the bench ended: ${code}.`)));
    const onAbort = (): void => settle(() => reject(signal.reason));
    if (child.exitCode !== null || child.signalCode !== null) return onExit(child.exitCode);
    if (signal.aborted) return onAbort();
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.on('error', reject);
    signal.addEventListener('abort', onAbort);
  });
}

function isFailed(note: Note): note is Failed {
  return note.t === 'failed';
}

function isA<Report extends Note, T extends Report['t']>(note: Report, t: T): note is Extract<Report, { t: T }> {
  return note.t === t;
}

/** Lets go of the child, which is its sign to end; one that does not is killed. */
async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  if (child.connected) child.disconnect();
  else child.kill('SIGKILL');
  const late = setTimeout(() => child.kill('SIGKILL'), END_DEADLINE_MS);
  await gone;
  clearTimeout(late);
}
