/** `npm run doctor`: what is there, what is missing, and how to mend it. Changes nothing. */
import { join } from 'node:path';
import { readArguments } from '../up/args.ts';
import { readEnvironment, withLocalServers } from '../up/environment.ts';
import { partsDir } from '../up/local-servers.ts';
import { LAUNCHER, RunRecords } from '../up/run-records.ts';
import { localEnvFile } from '../up/secrets.ts';
import { readSettings, type Settings } from '../up/settings.ts';
import { type Finding, renderFindings } from './finding.ts';
import { machineFindings } from './machine.ts';
import { runningFindings } from './running.ts';
import { serverFindings } from './servers.ts';

const HELP = `npm run doctor

Checks Node, packages, programs, limits, configuration, ports, every server (really asks it), migrations, and the
processes of npm start; says for each what is missing and how to mend it. Works before npm start and beside it.
Exit code 1 when something that is needed is missing.
`;
const EXIT = { missing: 1, badUsage: 64 } as const;

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2));
  if (asked === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (asked !== 'run') {
    process.stderr.write(`npm run doctor takes no ${asked.unknown}\n\n${HELP}`);
    return EXIT.badUsage;
  }
  const root = join(import.meta.dirname, '..', '..');
  const environment = await readEnvironment(process.env, root);
  const settings = readSettings(environment, root);
  const { dataDir, local, external } = settings;
  const alive = new RunRecords(dataDir).alive();
  const localServers = await withLocalServers({}, localEnvFile(dataDir));
  const isRoot = process.getuid?.() === 0;
  const needs = { local, partsDir: partsDir(dataDir), searchPath: environment.PATH ?? '', isRoot };
  const findings = (
    await Promise.all([
      machineFindings(root, dataDir, needs),
      configFindings(settings),
      runningFindings(settings, alive),
      serverFindings({
        external,
        local,
        isRunning: alive.some(({ name }) => name === LAUNCHER),
        localAddresses: {
          redis: localServers.REDIS_URL,
          kafka: localServers.KAFKA_BROKERS,
          postgres: localServers.DATABASE_URL,
        },
      }),
    ])
  ).flat();
  process.stdout.write(`\n${renderFindings(findings)}`);
  return findings.some(({ status }) => status === 'missing') ? EXIT.missing : 0;
}

function configFindings({ problems }: Settings): readonly Finding[] {
  if (problems.length === 0) return [{ name: 'variables', status: 'ok', detail: 'every one that is set can be used' }];
  return problems.map(({ variable, message }) => ({
    name: 'variables',
    status: 'missing',
    detail: message,
    mend: `change ${variable} in the environment or in .env`,
  }));
}

process.exit(await main());
