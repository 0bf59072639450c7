import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { lastLines, openLog } from './log-file.ts';
import { whoListens } from './ports.ts';
import { type Exit, type LocalServer, type ServerName, ServerStartError, type StartOptions } from './server.ts';

export interface ServerCommand extends StartOptions {
  readonly name: ServerName;
  readonly address: string;
  readonly port: number;
  /** Names or paths of programs that serve; the first that is there is taken. */
  readonly programs: readonly string[];
  readonly args: readonly string[];
  readonly cwd: string;
  readonly logFile: string;
  /** The signal that asks for a clean stop. */
  readonly stopSignal: NodeJS.Signals;
  readonly stopDeadlineMs: number;
  readonly readyDeadlineMs: number;
  /** Asks the server something in its own protocol; rejects while it cannot answer. */
  answers(signal: AbortSignal): Promise<void>;
}

const BETWEEN_QUESTIONS_MS = 25;
const ONE_QUESTION_MS = 2_000;

/** Starts a server in a process group of its own, so that a terminal's Ctrl-C reaches only who supervises it. */
export async function startServer(command: ServerCommand): Promise<LocalServer> {
  command.signal?.throwIfAborted();
  await expectFree(command);
  const child = await spawnFirst(command);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const server = new RunningServer(command, child, exited);
  command.onSpawn?.(server.pid);
  try {
    await untilItAnswers(command, server);
  } catch (cause) {
    await server.stop();
    throw cause;
  }
  return server;
}

/** Looked at first, since whoever holds the port might well answer in our server's place. */
async function expectFree({ name, port }: ServerCommand): Promise<void> {
  const owner = await whoListens(port);
  if (owner === undefined) return;
  const who = owner.pid === undefined ? owner.command : `process ${owner.pid} (${owner.command})`;
  throw new ServerStartError(name, `port ${port} is taken by ${who}.`);
}

async function spawnFirst(command: ServerCommand): Promise<ChildProcess> {
  const log = await openLog(command.logFile);
  try {
    for (const program of command.programs) {
      const child = spawn(program, command.args, {
        cwd: command.cwd,
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      });
      try {
        await once(child, 'spawn');
        return child;
      } catch (cause) {
        if (isMissing(cause)) continue;
        throw new ServerStartError(command.name, `${program} cannot be run: ${String(cause)}`, { cause });
      }
    }
  } finally {
    await log.close();
  }
  throw new ServerStartError(command.name, `${command.programs.join(' or ')} is not installed (or not on the PATH).`);
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';

class RunningServer implements LocalServer {
  readonly name: ServerName;
  readonly pid: number;
  readonly address: string;
  readonly exited: Promise<Exit>;
  readonly #command: ServerCommand;
  readonly #child: ChildProcess;
  #stopping: Promise<void> | undefined;

  constructor(command: ServerCommand, child: ChildProcess, exited: Promise<Exit>) {
    if (child.pid === undefined) throw new ServerStartError(command.name, 'it has no process id');
    this.name = command.name;
    this.address = command.address;
    this.pid = child.pid;
    this.exited = exited;
    this.#command = command;
    this.#child = child;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  async #end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill(this.#command.stopSignal);
    const patience = new AbortController();
    const ended = await Promise.race([
      this.exited.then(() => true),
      delay(this.#command.stopDeadlineMs, false, { signal: patience.signal }).catch(() => true),
    ]);
    patience.abort();
    if (!ended) this.#child.kill('SIGKILL');
    await this.exited;
  }
}

async function untilItAnswers(command: ServerCommand, server: LocalServer): Promise<void> {
  const asking = new AbortController();
  const outer = command.signal ?? asking.signal;
  const deadline = AbortSignal.timeout(command.readyDeadlineMs);
  const stopAsking = AbortSignal.any([asking.signal, deadline, outer]);
  const ask = async (signal: AbortSignal) => {
    await command.answers(signal);
    const owner = await whoListens(command.port);
    if (owner?.pid !== undefined && owner.pid !== server.pid) throw new Error('somebody else answered');
  };
  try {
    const died = await Promise.race([server.exited, askUntil(stopAsking, ask)]);
    if (died !== undefined) throw await failure(command, `it ended at once (${describeExit(died)})`);
  } catch (error) {
    command.signal?.throwIfAborted();
    if (!deadline.aborted) throw error;
    throw await failure(command, `it did not answer within ${command.readyDeadlineMs / 1000} s`);
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

async function failure(command: ServerCommand, what: string): Promise<ServerStartError> {
  const lines = await lastLines(command.logFile, 12);
  const said =
    lines.length === 0 ? 'Its log is empty' : `The end of its log:\n${lines.map((l) => `  ${l}`).join('\n')}`;
  return new ServerStartError(command.name, `${what}. ${said}\n(${command.logFile})`);
}

export function describeExit(exit: Exit): string {
  return exit.signal === null ? `code ${exit.code}` : `signal ${exit.signal}`;
}
