/** Why two reports can be compared less well than it looks. */
import type { ComparedFigure } from './compared.ts';
import type { Figures } from './figures.ts';
import type { Report } from './report.ts';

/** A load that a run has set for itself by what it measured is told when it differs by more than this. */
const OTHER_LOAD = 0.05;

export function warningsOf(before: Report, after: Report, figures: readonly ComparedFigure[]): string[] {
  return [
    ...(before.audit.ok ? [] : ['The audit of the first report failed: its figures count for nothing.']),
    ...(after.audit.ok ? [] : ['The audit of the second report failed: its figures count for nothing.']),
    ...differences('Another machine', { ...before.machine }, { ...after.machine }),
    ...differences('Another setting', before.settings, after.settings),
    ...[before, after]
      .filter(({ commit }) => commit.endsWith('-dirty'))
      .map(({ commit }) => `${commit} had changes that no commit has.`),
    ...machineChanged(figures),
    ...onlyIn('the first', before, after),
    ...onlyIn('the second', after, before),
    ...(figures.some(({ noise }) => noise !== null)
      ? []
      : ['Nothing could be judged: one of the reports has no figure of several rounds. Measure with --runs 3.']),
  ];
}

function differences(what: string, before: Figures, after: Figures): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => !isAlike(name, before[name], after[name]))
    .map((name) => `${what}: ${name} was ${String(before[name] ?? 'absent')}, now ${String(after[name] ?? 'absent')}.`);
}

/** `ordersPerSecondAtHalf` follows from what the run could do: only a real difference makes the latencies others. */
function isAlike(name: string, before: Figures[string] | undefined, after: Figures[string] | undefined): boolean {
  if ((before ?? null) === (after ?? null)) return true;
  if (!name.includes('PerSecond') || typeof before !== 'number' || typeof after !== 'number') return false;
  return Math.abs(after - before) <= OTHER_LOAD * Math.abs(before);
}

function onlyIn(which: string, one: Report, other: Report): string[] {
  const names = (['metrics', 'limits', 'ratios'] as const).flatMap((group) =>
    Object.keys(one[group])
      .filter((name) => !(name in other[group]))
      .map((name) => `${group}.${name}`),
  );
  return names.length === 0 ? [] : [`Only in ${which}: ${names.join(', ')}.`];
}

function machineChanged(figures: readonly ComparedFigure[]): string[] {
  const bare = figures.filter(({ path, verdict }) => path.startsWith('limits.') && verdict !== 'same');
  const moved = bare.filter(({ verdict }) => verdict === 'better' || verdict === 'worse').map(({ path }) => path);
  return moved.length === 0
    ? []
    : [
        `The machine itself did other than before, with nothing of ours around (${moved.join(', ')}): go by the ratios.`,
      ];
}
