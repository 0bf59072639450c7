/** `npm stop`: ends what `npm start` runs, from another terminal, and what one that was killed has left. */
import { join } from 'node:path';
import { readArguments } from './args.ts';
import { readEnvironment } from './environment.ts';
import { RunRecords } from './run-records.ts';
import { readSettings } from './settings.ts';
import { stopEverything } from './stopping.ts';

const HELP = `npm stop

Stops the npm start of this folder in order, and ends the processes that one which was killed has left over. They are
found by what it wrote to DATA_DIR/run; a process that is not one of them is never touched. Data is kept.
`;
const EXIT = { failed: 1, badUsage: 64 } as const;
/** Three processes and then three servers, each with its own deadline, in the launcher. */
const LAUNCHER_MS = 60_000;
const GRACE_MS = 2_000;

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2));
  if (asked === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (asked !== 'run') {
    process.stderr.write(`npm stop takes no ${asked.unknown}\n\n${HELP}`);
    return EXIT.badUsage;
  }
  const root = join(import.meta.dirname, '..', '..');
  const { dataDir, config } = readSettings(await readEnvironment(process.env, root), root);
  const { stopped } = await stopEverything({
    records: new RunRecords(dataDir),
    launcherDeadlineMs: LAUNCHER_MS + config.SHUTDOWN_TIMEOUT_MS,
    processDeadlineMs: config.SHUTDOWN_TIMEOUT_MS + GRACE_MS,
    tell: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(stopped === 0 ? 'Nothing of npm start runs.\n' : 'Everything has stopped.\n');
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const notOurs = error instanceof Error && 'code' in error && error.code === 'EPERM';
  const why = notOurs ? 'it belongs to another user; stop it as that user, or as root' : String(error);
  process.stderr.write(`It could not be stopped: ${why}\n`);
  process.exitCode = EXIT.failed;
}
