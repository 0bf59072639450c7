import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { Environment } from '../../platform/config/load.ts';
import { lastLines, openLog } from '../servers/log-file.ts';
import type { Missing } from './requirements.ts';

const run = promisify(execFile);
const POLICY = '/usr/sbin/policy-rc.d';
const POLICY_TEXT = `#!/bin/sh
# Put here by Dropgate's npm start while it installs packages, so that they do not start services. Safe to remove.
exit 101
`;

export interface AptOptions {
  /** Proxies and the like. */
  readonly environment: Environment;
  readonly logFile: string;
  readonly signal: AbortSignal;
  /** Told what it is doing, line by line. */
  onProgress(line: string): void;
  onProblem(line: string): void;
}

/** The package of each missing thing that this system's lists know, or the first where the lists say nothing. */
export async function choosePackages(missing: readonly Missing[]): Promise<readonly string[]> {
  const names = await Promise.all(missing.map(({ packages }) => firstKnown(packages)));
  return [...new Set(names)];
}

async function firstKnown(packages: readonly string[]): Promise<string> {
  for (const name of packages) {
    const { stdout } = await run('apt-cache', ['policy', name], { env: C_LOCALE }).catch(() => ({ stdout: '' }));
    const candidate = /^\s*Candidate: (.+)$/m.exec(stdout)?.[1];
    if (candidate !== undefined && candidate !== '(none)') return name;
  }
  // Fresh images have no lists at all; the last of the list is the one that every release has.
  return packages.at(-1) ?? '';
}

export function installCommands(packages: readonly string[]): readonly string[] {
  return ['sudo apt-get update', `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`];
}

/** As root only. Answers with the packages that it installed. */
export async function installMissing(missing: readonly Missing[], options: AptOptions): Promise<readonly string[]> {
  const takeBack = await forbidServices();
  try {
    // Lists that cannot be brought up to date completely may still have what we need.
    await apt(['update'], options).catch((error: unknown) => {
      options.signal.throwIfAborted();
      options.onProblem(`apt-get update: ${String(error)}`);
    });
    const packages = await choosePackages(missing);
    await apt(['install', '-y', '--no-install-recommends', ...packages], options);
    return packages;
  } finally {
    await takeBack();
  }
}

/** A package's service would take memory and a port for nothing. A policy that is there already is not ours to change. */
async function forbidServices(): Promise<() => Promise<void>> {
  const present = await readFile(POLICY, 'utf8').catch(() => undefined);
  if (present !== undefined && present !== POLICY_TEXT) return async () => {};
  await writeFile(POLICY, POLICY_TEXT, { mode: 0o755 });
  return () => rm(POLICY, { force: true });
}

/** RUNLEVEL=1 keeps services from being started where a policy of the system's owner would allow it. */
const C_LOCALE = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  DEBIAN_FRONTEND: 'noninteractive',
  RUNLEVEL: '1',
};

async function apt(args: readonly string[], options: AptOptions): Promise<void> {
  options.signal.throwIfAborted();
  const log = await openLog(options.logFile);
  try {
    const child = spawn('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      // A group of its own: Ctrl-C in the middle of dpkg would leave half-configured packages.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...options.environment, ...C_LOCALE },
    });
    const interrupt = () => child.kill('SIGINT');
    options.signal.addEventListener('abort', interrupt, { once: true });
    const exited = once(child, 'exit');
    const tell = async (input: Readable) => {
      for await (const line of createInterface({ input })) {
        await log.write(`${line}\n`);
        if (line.trim() !== '') options.onProgress(line.slice(0, 100));
      }
    };
    await Promise.all([tell(child.stdout), tell(child.stderr)]);
    const [code, signal] = await exited;
    options.signal.removeEventListener('abort', interrupt);
    options.signal.throwIfAborted();
    if (code !== 0) throw await failure(args, String(code ?? signal), options.logFile);
  } finally {
    await log.close();
  }
}

async function failure(args: readonly string[], how: string, logFile: string): Promise<Error> {
  const lines = await lastLines(logFile, 8);
  return new Error(`apt-get ${args.join(' ')} failed (${how}):\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
