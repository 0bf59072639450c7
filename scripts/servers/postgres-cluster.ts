import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ChildStartError } from './child-start-error.ts';
import { commandOf } from './ports.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { PostgresIdentity } from './postgres-identity.ts';

export const POSTGRES_USER = 'dropgate';
const INITDB_DEADLINE_MS = 120_000;

export interface ClusterOptions {
  readonly dataDir: string;
  readonly password: string;
  readonly binaries: PostgresBinaries;
  readonly identity: PostgresIdentity;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The folder of the database cluster, made when it is not there. It gets its name only when it is whole, so that one
 * that was killed while it was made is made again.
 */
export async function ensureCluster(options: ClusterOptions): Promise<string> {
  const cluster = join(options.dataDir, 'cluster');
  const exists = await access(cluster).then(
    () => true,
    () => false,
  );
  if (exists) {
    await clearStaleLock(cluster);
    return cluster;
  }
  const unfinished = join(options.dataDir, 'cluster.unfinished');
  const passwordFile = join(options.dataDir, `.password-${randomUUID()}`);
  try {
    await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
    await options.identity.own(passwordFile);
    await initdb(options, unfinished, passwordFile);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, cluster);
  return cluster;
}

/** C.UTF-8 sorts by code point and knows the letters of all scripts; C is for systems whose libc has no C.UTF-8. */
const LOCALES = ['C.UTF-8', 'C'] as const;

async function initdb(options: ClusterOptions, folder: string, passwordFile: string): Promise<void> {
  const problems: unknown[] = [];
  for (const locale of LOCALES) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
    await options.identity.own(folder);
    const [program = options.binaries.initdb, ...args] = [
      ...options.identity.prefix,
      options.binaries.initdb,
      `--pgdata=${folder}`,
      `--username=${POSTGRES_USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The built-in provider compares bytes, several times as fast as libc; libc's letters serve full-text search.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      `--locale=${locale}`,
      '--lc-messages=C',
    ];
    try {
      const limits = { cwd: options.dataDir, timeout: INITDB_DEADLINE_MS, signal: options.signal };
      await promisify(execFile)(program, args, limits);
      return;
    } catch (cause) {
      options.signal?.throwIfAborted();
      problems.push(cause);
    }
  }
  const [first] = problems;
  const said = first instanceof Error && 'stderr' in first ? String(first.stderr).trim() : String(first);
  throw new ChildStartError('postgres', `initdb failed: ${said.slice(0, 1_000)}`, { cause: first });
}

/**
 * After kill -9 the lock file stays. PostgreSQL takes it over when its pid is dead, but refuses when the pid has been
 * given to another process meanwhile; so we look what that process is.
 */
async function clearStaleLock(cluster: string): Promise<void> {
  const lock = join(cluster, 'postmaster.pid');
  const text = await readFile(lock, 'utf8').catch(() => undefined);
  const pid = Number.parseInt(text?.split('\n')[0] ?? '', 10);
  if (text === undefined || Number.isNaN(pid)) return;
  const command = await commandOf(pid);
  if (!command.includes('postgres')) {
    await rm(lock, { force: true });
  } else if (command.includes(cluster)) {
    throw new ChildStartError('postgres', `process ${pid} still runs on ${cluster}; npm stop ends it, or kill ${pid}.`);
  }
}
