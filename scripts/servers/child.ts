import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ChildStartError } from './child-start-error.ts';
import { lastLines, openLog } from './log-file.ts';
import { whoListens } from './ports.ts';

export interface ChildCommand extends StartOptions {
  readonly name: string;
  readonly port: number;
  /** Names or paths of programs that serve; the first that is there is taken. */
  readonly programs: readonly string[];
  readonly args: readonly string[];
  readonly cwd: string;
  /** Our own environment unless given. */
  readonly env?: Readonly<Record<string, string>>;
  /** With a channel a child of ours notices that we are gone. */
  readonly channel?: boolean;
  readonly logFile: string;
  /** The signal that asks for a clean stop. */
  readonly stopSignal: NodeJS.Signals;
  readonly stopDeadlineMs: number;
  readonly readyDeadlineMs: number;
  /** An end that another try would only repeat. */
  readonly unmendable?: (exit: Exit) => boolean;
  /** Asks the child something in its own protocol; rejects while it cannot answer. */
  answers(signal: AbortSignal): Promise<void>;
}

/** What every start takes besides its own options. */
export interface StartOptions {
  /** Gives up a start that is under way: the half-started child is ended and the start rejects. */
  readonly signal?: AbortSignal;
  /** Told the pid before the child answers, so that a launcher that is killed meanwhile leaves a record of it. */
  readonly onSpawn?: (pid: number) => void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningChild {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Asks it to stop, waits, and ends it by SIGKILL at a deadline. Whoever calls it again waits for the same end. */
  stop(): Promise<void>;
  /** The end of what it has written to its log, and nothing of those that wrote there before it. */
  lastWords(count: number): Promise<readonly string[]>;
}

const BETWEEN_QUESTIONS_MS = 25;
const ONE_QUESTION_MS = 2_000;

/** Starts a child in a process group of its own, so that a terminal's Ctrl-C reaches only who supervises it. */
export async function startChild(command: ChildCommand): Promise<RunningChild> {
  command.signal?.throwIfAborted();
  await expectFree(command);
  const child = await spawnFirst(command);
  command.onSpawn?.(child.pid);
  try {
    await untilItAnswers(command, child);
  } catch (cause) {
    await child.stop();
    throw cause;
  }
  return child;
}

/** Looked at first, since whoever holds the port might well answer in our child's place. */
async function expectFree({ name, port }: ChildCommand): Promise<void> {
  const owner = await whoListens(port);
  if (owner === undefined) return;
  const who = owner.pid === undefined ? owner.command : `process ${owner.pid} (${owner.command})`;
  throw new ChildStartError(name, `port ${port} is taken by ${who}.`);
}

async function spawnFirst(command: ChildCommand): Promise<Child> {
  const log = await openLog(command.logFile);
  try {
    const { size: logStart } = await log.stat();
    for (const program of command.programs) {
      const child = spawn(program, command.args, {
        cwd: command.cwd,
        detached: true,
        stdio: ['ignore', log.fd, log.fd, ...(command.channel === true ? (['ipc'] as const) : [])],
        ...(command.env === undefined ? {} : { env: command.env }),
      });
      try {
        await once(child, 'spawn');
        return new Child(command, child, logStart);
      } catch (cause) {
        if (isMissing(cause)) continue;
        throw new ChildStartError(command.name, `${program} cannot be run: ${String(cause)}`, { cause });
      }
    }
  } finally {
    await log.close();
  }
  throw new ChildStartError(command.name, `${command.programs.join(' or ')} is not installed (or not on the PATH).`);
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';

class Child implements RunningChild {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  readonly #command: ChildCommand;
  readonly #process: ChildProcess;
  readonly #logStart: number;
  #stopping: Promise<void> | undefined;

  constructor(command: ChildCommand, process: ChildProcess, logStart: number) {
    if (process.pid === undefined) throw new ChildStartError(command.name, 'it has no process id');
    this.pid = process.pid;
    this.exited = new Promise((resolve) => {
      process.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.#command = command;
    this.#process = process;
    this.#logStart = logStart;
    // An error of the channel or of a signal; the end itself is told by 'exit'.
    process.on('error', () => {});
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  lastWords(count: number): Promise<readonly string[]> {
    return lastLines(this.#command.logFile, count, this.#logStart);
  }

  async #end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill(this.#command.stopSignal);
    const patience = new AbortController();
    const ended = await Promise.race([
      this.exited.then(() => true),
      delay(this.#command.stopDeadlineMs, false, { signal: patience.signal }).catch(() => true),
    ]);
    patience.abort();
    if (!ended) this.#process.kill('SIGKILL');
    await this.exited;
  }
}

async function untilItAnswers(command: ChildCommand, child: RunningChild): Promise<void> {
  const asking = new AbortController();
  const deadline = AbortSignal.timeout(command.readyDeadlineMs);
  const signals = [asking.signal, deadline, ...(command.signal === undefined ? [] : [command.signal])];
  let lastReason = '';
  const ask = async (signal: AbortSignal) => {
    try {
      await command.answers(signal);
    } catch (error) {
      if (!signal.aborted) lastReason = reasonOf(error);
      throw error;
    }
    const owner = await whoListens(command.port);
    if (owner?.pid !== undefined && owner.pid !== child.pid) throw new Error('somebody else answered');
  };
  try {
    const died = await Promise.race([child.exited, askUntil(AbortSignal.any(signals), ask)]);
    if (died !== undefined) throw await diedAtOnce(command, child, died);
  } catch (error) {
    command.signal?.throwIfAborted();
    if (!deadline.aborted) throw error;
    const said = lastReason === '' ? '' : ` (${lastReason})`;
    throw await failure(command, child, `it did not answer within ${command.readyDeadlineMs / 1000} s${said}`);
  } finally {
    asking.abort();
  }
}

async function askUntil(signal: AbortSignal, ask: (signal: AbortSignal) => Promise<void>): Promise<undefined> {
  for (;;) {
    signal.throwIfAborted();
    try {
      await ask(AbortSignal.any([signal, AbortSignal.timeout(ONE_QUESTION_MS)]));
      return undefined;
    } catch {
      await delay(BETWEEN_QUESTIONS_MS, undefined, { signal });
    }
  }
}

async function diedAtOnce(command: ChildCommand, child: RunningChild, exit: Exit): Promise<ChildStartError> {
  return failure(command, child, `it ended at once (${describeExit(exit)})`, command.unmendable?.(exit) !== true);
}

async function failure(
  command: ChildCommand,
  child: RunningChild,
  what: string,
  retryable = true,
): Promise<ChildStartError> {
  const lines = await child.lastWords(12);
  const said =
    lines.length === 0 ? 'Its log is empty' : `The end of its log:\n${lines.map((l) => `  ${l}`).join('\n')}`;
  return new ChildStartError(command.name, `${what}. ${said}\n(${command.logFile})`, { retryable });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function describeExit(exit: Exit): string {
  return exit.signal === null ? `code ${exit.code}` : `signal ${exit.signal}`;
}
