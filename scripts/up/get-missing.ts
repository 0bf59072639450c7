import type { Environment } from '../../platform/config/load.ts';
import { findProgram } from '../servers/programs.ts';
import { choosePackages, installCommands, installMissing } from './apt.ts';
import { logFileOf, partsDir } from './local-servers.ts';
import type { Progress } from './progress.ts';
import { findMissing, type Missing } from './requirements.ts';
import type { Settings } from './settings.ts';

export interface GetMissingOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface WhatIsMissing {
  /** What keeps us from starting and that we cannot install. */
  readonly problems: readonly string[];
  /** Installs the rest; to be called when nothing else is wrong. */
  install(): Promise<void>;
}

/** Looks what this start needs and the machine lacks. As root, with apt-get, it can be installed here and now. */
export async function getMissing(options: GetMissingOptions): Promise<WhatIsMissing> {
  const needs = needsOf(options);
  const missing = await findMissing(needs);
  if (missing.length === 0) return { problems: [], install: async () => {} };
  const hasApt = (await findProgram(['apt-get'], needs.searchPath)) !== undefined;
  if (hasApt && needs.isRoot) return { problems: [], install: () => install(missing, options) };
  const how = hasApt
    ? `Install with:\n  ${installCommands(await choosePackages(missing)).join('\n  ')}`
    : 'Install with the package manager of this system, or set the URL of a server that runs elsewhere.';
  return { problems: [`${list(missing)}.\n${how}`], install: async () => {} };
}

async function install(missing: readonly Missing[], options: GetMissingOptions): Promise<void> {
  const { progress, signal, environment, settings } = options;
  const step = progress.begin('packages', `installing ${missing.map(({ what }) => what).join(', ')} by apt-get`);
  const logFile = logFileOf(settings.dataDir, 'apt');
  try {
    const packages = await installMissing(missing, {
      logFile,
      signal,
      environment,
      onProgress: (line) => step.passing(line),
      onProblem: (line) => step.note(line),
    });
    step.done(`installed ${packages.join(' ')}`);
  } catch (error) {
    step.failed();
    throw error;
  }
  const still = await findMissing(needsOf(options));
  if (still.length > 0) throw new Error(`${list(still)}, although apt-get has installed it; see ${logFile}`);
}

function needsOf({ settings, environment }: GetMissingOptions) {
  return {
    local: settings.local,
    partsDir: partsDir(settings.dataDir),
    searchPath: environment.PATH ?? '',
    isRoot: process.getuid?.() === 0,
  };
}

function list(missing: readonly Missing[]): string {
  return `missing: ${missing.map(({ what, because }) => `${what} (${because})`).join('; ')}`;
}
