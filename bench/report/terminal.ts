/** A report, its goals and a comparison for a terminal. */
import { sayTime } from '../progress.ts';
import type { ComparedFigure, Comparison } from './compared.ts';
import type { Figures } from './figures.ts';
import { type GoalVerdict, goalsOf } from './goal-verdict.ts';
import type { Report } from './report.ts';
import { listOf, renderTable, tableOf } from './table.ts';

const PERCENT = 100;

export function renderReport(report: Report, comparison?: Comparison): string {
  const { machine, audit } = report;
  const head = `${report.scenario} · ${report.at} · ${report.commit}${report.tookSeconds === null ? '' : ` · took ${sayTime(report.tookSeconds)}`}
${machine.cpu}, ${machine.cores} cores, ${machine.memGiB} GiB, Node ${machine.node}, Redis ${machine.redis ?? '–'}`;
  const lists = [
    ['Settings', report.settings],
    ['Measured', report.metrics],
    ['Bare, in the same run', report.limits],
    ['Ours ÷ bare', report.ratios],
  ] as const;
  const verdict = audit.ok
    ? 'Audit: ok, nothing oversold, lost or duplicated'
    : `AUDIT FAILED: ${audit.oversold} oversold, ${audit.lost} lost, ${audit.duplicated} duplicated
${audit.problems.map((problem) => `  ${problem}`).join('\n')}`;
  const goals = goalsOf(report);
  return [
    head,
    ...lists
      .filter(([, figures]) => Object.keys(figures).length > 0)
      .map(([title, figures]) => renderTable(listOf(title, figures))),
    ...report.tables.map(renderTable),
    ...(report.notes.length > 0 ? [report.notes.map((note) => `· ${note}`).join('\n')] : []),
    ...(goals.length > 0 ? [renderGoals('Goals', goals)] : []),
    ...(comparison === undefined ? [] : [renderComparison(comparison)]),
    verdict,
  ].join('\n\n');
}

export function renderGoals(title: string, goals: readonly GoalVerdict[]): string {
  return renderTable(tableOf(title, goals.map(rowOfGoal)));
}

/** In the order and with the words that the Markdown has as well. */
export function rowOfGoal(goal: GoalVerdict): Figures {
  return {
    scenario: goal.scenario,
    what: goal.what,
    measured: goal.measured,
    bare: goal.bare,
    'ours ÷ bare': goal.ratio,
    goal: goal.goal,
    verdict: [goal.verdict, goal.detail].filter((part) => part !== '').join(': '),
  };
}

export function renderComparison({ before, after, figures, warnings, rule, better, worse }: Comparison): string {
  const judged = figures.filter(({ verdict }) => verdict !== 'not judged').sort(bySeverity);
  const rest = figures.filter(isTold);
  return [
    `Compared with ${before.commit} of ${before.at} (now ${after.commit} of ${after.at})
${warnings.map((warning) => `  ! ${warning}`).join('\n')}`.trimEnd(),
    ...(judged.length > 0 ? [renderTable(tableOf('Judged by the noise of the rounds', judged.map(judgedRow)))] : []),
    ...(rest.length > 0 ? [renderTable(tableOf('Told, not judged', rest.map(unjudgedRow)))] : []),
    `${worse} worse, ${better} better, of ${judged.filter(isOurs).length} judged figures of ours. ${rule}`,
  ].join('\n\n');
}

/** What is the same in both says nothing. */
export const isTold = ({ verdict, before, after }: ComparedFigure): boolean =>
  verdict === 'not judged' && before !== after;

const ORDER = ['worse', 'better', 'as bare', 'same', 'not judged'] as const;
const isOurs = ({ path }: ComparedFigure): boolean => !path.startsWith('limits.');

/** What has to be looked at first stands first, and our own figures before those of the machine. */
export function bySeverity(one: ComparedFigure, other: ComparedFigure): number {
  return ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict) || Number(isOurs(other)) - Number(isOurs(one));
}

function judgedRow(figure: ComparedFigure): Figures {
  const { path, before, after, noise, verdict, why } = figure;
  return {
    figure: path,
    before,
    after,
    change: sayChange(figure),
    noise: `± ${sayPercent(noise)}`,
    verdict: why === null ? verdict : `${verdict}: ${why}`,
  };
}

function unjudgedRow(figure: ComparedFigure): Figures {
  const { path, before, after, why } = figure;
  return { figure: path, before, after, change: sayChange(figure), why: why ?? '' };
}

export function sayChange({ change }: ComparedFigure): string {
  if (change === null) return '–';
  return `${change > 0 ? '+' : ''}${sayPercent(change)}`;
}

export function sayPercent(share: number | null): string {
  if (share === null) return '–';
  const percent = share * PERCENT;
  return `${percent.toFixed(Math.abs(percent) < 10 ? 1 : 0)} %`;
}
