import { claimProblems, portClaims, takenPorts } from './port-claims.ts';
import { whyUnreachable } from './reachable.ts';
import { LAUNCHER, type RunRecord, type RunRecords } from './run-records.ts';
import type { Settings } from './settings.ts';

/** Everything that keeps this start from succeeding and that can be known beforehand, one sentence each. */
export async function preflight(settings: Settings, records: RunRecords): Promise<readonly string[]> {
  const leftovers = records.alive().filter(({ name }) => name !== LAUNCHER);
  const claims = portClaims(settings);
  const [unreachable, taken] = await Promise.all([
    Promise.all(settings.external.map(whyUnreachable)),
    takenPorts(claims, leftovers),
  ]);
  return [
    ...settings.problems.map(({ message }) => message),
    ...leftovers.map(tellLeftover),
    ...claimProblems(claims),
    ...unreachable.filter((problem) => problem !== undefined),
    ...taken,
  ];
}

export function tellLeftover({ name, pid }: RunRecord): string {
  return `${name} (process ${pid}) is left over from an earlier start that was killed; npm stop ends it`;
}

/** One report for everything, so that nobody mends one thing only to be told of the next. */
export function renderProblems(problems: readonly string[]): string {
  const head =
    problems.length === 1 ? 'Dropgate cannot start:' : `Dropgate cannot start, for ${problems.length} reasons:`;
  return `${head}\n${problems.map((problem) => `  - ${problem.replaceAll('\n', '\n    ')}`).join('\n')}\n`;
}
