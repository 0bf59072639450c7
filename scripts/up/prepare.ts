import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { migrate } from '../../db/migrate.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { describeExit } from '../servers/child.ts';
import { lastLines, openLog } from '../servers/log-file.ts';
import { makeTopics } from '../topics/make-topics.ts';
import type { LiveChildren } from './live-children.ts';
import type { Step } from './progress.ts';
import type { WholeConfig } from './settings.ts';

/** What the processes need to find before they start. Everything here is safe to do again at each start. */

export async function migrateDatabase(databaseUrl: string, step: Step): Promise<void> {
  const { applied } = await migrate({ databaseUrl, log: (line) => step.passing(line) });
  step.done(applied.length === 0 ? 'the database is up to date' : `${applied.length} migrations applied`);
}

export async function prepareTopics(config: WholeConfig, brokers: readonly string[], step: Step): Promise<void> {
  const log = createLogger({ name: 'launcher', level: 'silent' });
  const { created, all } = await makeTopics({ ...config, KAFKA_BROKERS: brokers }, log);
  step.done(created.length === 0 ? `all ${all} are there` : `${created.length} made`);
}

export interface DemoDataOptions {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly children: LiveChildren;
  readonly signal: AbortSignal;
}

const SEED = 'seed';
const SEED_DEADLINE_MS = 5 * 60_000;

/** In a process of its own, as `npm run seed` would do it: what it needs of the rooms stays out of the launcher. */
export async function seedDemoData(options: DemoDataOptions, step: Step): Promise<void> {
  const { root, environment, logFile, children } = options;
  const log = await openLog(logFile);
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(SEED_DEADLINE_MS)]);
  try {
    const child = spawn(process.execPath, [join(root, 'scripts/seed/main.ts'), '--demo'], {
      cwd: root,
      env: environment,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      signal,
    });
    if (child.pid !== undefined) children.spawned(SEED, child.pid);
    const [code, endedBy] = await once(child, 'exit');
    if (code !== 0) {
      const lines = await lastLines(logFile, 12);
      const said = lines.map((line) => `  ${line}`).join('\n');
      throw new Error(
        `the demo data could not be written (${describeExit({ code, signal: endedBy })}):\n${said}\n(${logFile})`,
      );
    }
  } finally {
    children.ended(SEED);
    await log.close();
  }
  step.done('written');
}
