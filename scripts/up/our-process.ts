import { join } from 'node:path';
import { startChild } from '../servers/child.ts';
import { opsPort } from './port-claims.ts';
import type { ProcessEntry } from './processes.ts';
import type { WholeConfig } from './settings.ts';
import type { Unit } from './supervisor.ts';

export interface OurProcessOptions {
  readonly root: string;
  readonly logFile: string;
  readonly config: WholeConfig;
  readonly environment: Readonly<Record<string, string>>;
  onSpawn(pid: number): void;
}

/** Exit code of a process that refuses its configuration: starting it again would not change its mind. */
export const BAD_CONFIG = 78;
const READY_DEADLINE_MS = 60_000;
/** Past its own deadline a process ends by itself; this much longer, and it hangs. */
const STOP_GRACE_MS = 2_000;

/** Edge, workers or store as something that the supervisor can keep running. */
export function ourProcess(entry: ProcessEntry, options: OurProcessOptions): Unit {
  const { config } = options;
  const { port } = opsPort(entry, config);
  return {
    name: entry.name,
    start: (signal) =>
      startChild({
        name: entry.name,
        port,
        programs: [process.execPath],
        args: [...(entry.nodeOptions ?? []), join(options.root, entry.entry)],
        cwd: options.root,
        env: { ...options.environment, OPS_PORT: String(port) },
        channel: true,
        logFile: options.logFile,
        stopSignal: 'SIGTERM',
        stopDeadlineMs: config.SHUTDOWN_TIMEOUT_MS + STOP_GRACE_MS,
        readyDeadlineMs: READY_DEADLINE_MS,
        unmendable: ({ code }) => code === BAD_CONFIG,
        signal,
        onSpawn: options.onSpawn,
        answers: (asking) => askReady(config.OPS_HOST, port, asking),
      }),
  };
}

/** Rejects with what is missing, in the process's own words. */
export async function askReady(opsHost: string, port: number, signal: AbortSignal): Promise<void> {
  const response = await fetch(`http://${reachableHost(opsHost)}:${port}/ready`, {
    signal,
    headers: { connection: 'close' },
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`not ready: ${body.slice(0, 500)}`);
}

/** What one dials to reach a server that listens on every address. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
