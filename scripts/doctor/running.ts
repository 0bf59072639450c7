import { askReady, reachableHost } from '../up/our-process.ts';
import { claimProblems, opsPort, portClaims, takenPorts } from '../up/port-claims.ts';
import { tellLeftover } from '../up/preflight.ts';
import { processesOf } from '../up/processes.ts';
import { LAUNCHER, type RunRecord } from '../up/run-records.ts';
import type { Settings } from '../up/settings.ts';
import { type Finding, messageOf } from './finding.ts';

const READY_DEADLINE_MS = 5_000;

/** What of npm start runs: the launcher, its processes, and who else is on their ports. */
export async function runningFindings(settings: Settings, alive: readonly RunRecord[]): Promise<readonly Finding[]> {
  const launcher = alive.find(({ name }) => name === LAUNCHER);
  const start: Finding =
    launcher === undefined
      ? { name: 'npm start', status: 'note', detail: 'does not run' }
      : { name: 'npm start', status: 'ok', detail: `runs as process ${launcher.pid}` };
  const leftovers = launcher === undefined ? alive.map(tellLeftover) : [];
  const left: readonly Finding[] = leftovers.map((detail) => ({
    name: 'left over',
    status: 'missing',
    detail,
    mend: 'npm stop',
  }));
  return [
    start,
    ...left,
    await checkPorts(settings, alive),
    ...(await processFindings(settings, launcher !== undefined)),
  ];
}

async function checkPorts(settings: Settings, alive: readonly RunRecord[]): Promise<Finding> {
  const claims = portClaims(settings);
  const problems = [...claimProblems(claims), ...(await takenPorts(claims, alive))];
  if (problems.length > 0)
    return { name: 'ports', status: 'missing', detail: problems.join('\n'), mend: 'as said there' };
  const list = claims.map(({ port }) => port).join(' ');
  return { name: 'ports', status: 'ok', detail: `free, or held by npm start itself: ${list}` };
}

function processFindings(settings: Settings, isRunning: boolean): Promise<readonly Finding[]> {
  const { config } = settings;
  return Promise.all(
    processesOf(settings).map(async (entry): Promise<Finding> => {
      const { name } = entry;
      const { port } = opsPort(entry, config);
      try {
        await askReady(config.OPS_HOST, port, AbortSignal.timeout(READY_DEADLINE_MS));
        return { name, status: 'ok', detail: `http://${reachableHost(config.OPS_HOST)}:${port}/ready says yes` };
      } catch (error) {
        if (!isRunning) return { name, status: 'note', detail: 'does not run; npm start runs it' };
        const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : '';
        const detail = `port ${port}: ${messageOf(error)}${cause}`;
        return { name, status: 'missing', detail, mend: `its log is in DATA_DIR/logs/${name}.log` };
      }
    }),
  );
}
