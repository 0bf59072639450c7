/** `npm start`: everything that Dropgate needs, in one command, until Ctrl-C. */
import { join } from 'node:path';
import { readArguments } from './args.ts';
import { makeDataDir } from './data-dir.ts';
import { listenForEnd } from './ending.ts';
import { readEnvironment } from './environment.ts';
import { getMissing } from './get-missing.ts';
import { launch } from './launch.ts';
import { LiveChildren } from './live-children.ts';
import { preflight, renderProblems } from './preflight.ts';
import { Progress } from './progress.ts';
import { LAUNCHER, RunRecords } from './run-records.ts';
import { readSettings } from './settings.ts';

const HELP = `npm start

Starts Redis, Kafka and PostgreSQL on 127.0.0.1 (each only where REDIS_URL, KAFKA_BROKERS or DATABASE_URL is not set),
brings the database to the state of this code, makes the topics and, outside production, demo data; then starts edges,
workers and store API and keeps them running. Outside production a local payment gateway and a mailbox run beside them,
unless PAYMENT_API_URL or SMTP_URL is set. As root it installs what is missing by apt-get; otherwise it says what to
install. Data, logs and secrets are kept in DATA_DIR (.dropgate).

Ctrl-C stops all of it; a second Ctrl-C ends everything at once. From another terminal: npm stop.
Variables are read from the environment, then from .env; .env.example lists them.
`;

const EXIT = { failed: 1, badUsage: 64, badConfig: 78, atOnce: 130 } as const;
const OLDEST_NODE = 22;

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2));
  if (asked === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (asked !== 'run') {
    process.stderr.write(`npm start takes no ${asked.unknown}\n\n${HELP}`);
    return EXIT.badUsage;
  }
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    process.stderr.write(
      `This is Node ${process.versions.node}; \`npm install\` brings Node 22 and npm start uses it.\n`,
    );
    return EXIT.failed;
  }
  return start();
}

async function start(): Promise<number> {
  const root = join(import.meta.dirname, '..', '..');
  const environment = await readEnvironment(process.env, root);
  const settings = readSettings(environment, root);
  const unwritable = makeDataDir(settings.dataDir);
  if (unwritable !== undefined) {
    process.stderr.write(renderProblems([...settings.problems.map(({ message }) => message), unwritable]));
    return EXIT.badConfig;
  }
  const records = new RunRecords(settings.dataDir);
  const children = new LiveChildren(records);
  const progress = new Progress(process.stdout);
  const { stopping } = listenForEnd({
    on: (signal, listener) => process.on(signal, listener),
    onFirst: () => progress.line('\nStopping; once more ends everything at once.'),
    onSecond: () => {
      progress.close();
      const killed = children.killAll().map(({ name, pid }) => `${name} (${pid})`);
      records.remove(LAUNCHER);
      process.stdout.write(
        `Ended at once by SIGKILL: ${killed.length === 0 ? 'nothing was left' : killed.join(', ')}\n`,
      );
      process.exit(EXIT.atOnce);
    },
  });
  const other = records.claim(process.pid);
  if (other !== undefined) {
    process.stderr.write(`npm start already runs (process ${other.pid}); npm stop ends it.\n`);
    return EXIT.failed;
  }
  try {
    const missing = await getMissing({ settings, environment, progress, signal: stopping });
    const problems = [...(await preflight(settings, records)), ...missing.problems];
    if (problems.length > 0) {
      process.stderr.write(renderProblems(problems));
      return problems.length === settings.problems.length ? EXIT.badConfig : EXIT.failed;
    }
    await missing.install();
    const elapsedSeconds = () => performance.now() / 1000;
    return await launch({ root, environment, settings, children, progress, stopping, elapsedSeconds });
  } catch (error) {
    if (stopping.aborted) return 0;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.failed;
  } finally {
    progress.close();
    records.remove(LAUNCHER);
  }
}

// A terminal that was closed takes no more lines; what is left to do is to stop in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
// Not by itself at the end of its work: a connection that is kept alive somewhere would hold it up.
process.exit(await main());
