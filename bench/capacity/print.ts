/** Plans and verdicts for a terminal and for docs/CAPACITY.md. */
import { markdownOf } from '../report/markdown.ts';
import { renderTable, type Table } from '../report/table.ts';
import type { Checked } from './checks/check.ts';
import type { Verdict } from './checks/run-checks.ts';
import { LOAD_NAMES, OPTIONS } from './loads.ts';
import type { Plan } from './plan/plan.ts';
import { type PlanRow, shown } from './plan/row.ts';

export function printPlan(plan: Plan): string {
  return [
    renderTable(loadsTable(plan)),
    renderTable(planTable(plan)),
    `All of it: ${plan.machines.toLocaleString('en-US')} machines of ${plan.loads.coresPerMachine} cores`,
    list(
      'What follows',
      plan.remarks.map(({ about, text }) => `${about}: ${text}`),
    ),
    list('Unit costs', sourcesOf(plan.rows)),
    list('Not measured, but supposed', plan.assumed),
    list('Reports', plan.measuredBy),
  ].join('\n\n');
}

export function markdownOfPlan(plan: Plan): string {
  return [
    markdownOf(loadsTable(plan)),
    markdownOf(planTable(plan)),
    `All of it: ${plan.machines.toLocaleString('en-US')} machines of ${plan.loads.coresPerMachine} cores.`,
    plan.remarks.map(({ about, text }) => `- **${about}**: ${text}`).join('\n'),
    `From ${plan.measuredBy.join('; ')}.`,
  ].join('\n\n');
}

function loadsTable({ loads }: Plan): Table {
  return {
    title: 'Asked for',
    columns: ['', '', 'option'],
    rows: LOAD_NAMES.map((name) => [OPTIONS[name].about, loads[name], `--${OPTIONS[name].flag}`]),
  };
}

function planTable({ rows }: Plan): Table {
  return {
    title: 'Plan',
    columns: ['part', 'how many', 'machines', 'because of', 'and otherwise'],
    rows: rows.map((row) => [
      row.part,
      row.count,
      row.machines === 0 ? null : row.machines,
      row.limitedBy,
      row.needs
        .filter(({ what }) => what !== row.limitedBy)
        .map(({ what, count }) => `${what}: ${count.toLocaleString('en-US')}`)
        .join('; '),
    ]),
  };
}

function sourcesOf(rows: readonly PlanRow[]): string[] {
  return [...new Set(rows.flatMap(({ from }) => from))];
}

function list(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  · ${line}`)].join('\n');
}

export function printVerdict(verdict: Verdict): string {
  return [renderTable(checksTable(verdict)), ...impossible(verdict), sentenceOf(verdict)].join('\n\n');
}

export function markdownOfVerdict(verdict: Verdict): string {
  return [markdownOf(checksTable(verdict)), ...impossible(verdict), sentenceOf(verdict)].join('\n\n');
}

function checksTable({ checks, tolerancePercent }: Verdict): Table {
  return {
    title: 'Points that the model was not fitted to',
    columns: ['point', 'predicted', 'measured', 'error', '', 'made from'],
    rows: checks
      .filter((check) => check.kind === 'checked')
      .map(({ point, predicted, measured, unit, errorPercent, withinPercent, ok, madeFrom }) => [
        `${point} (${unit})`,
        shown(predicted),
        shown(measured),
        `${errorPercent > 0 ? '+' : ''}${Math.round(errorPercent)} %`,
        `${ok ? 'ok' : 'OFF'}${withinPercent === tolerancePercent ? '' : `: may be ${withinPercent} %`}`,
        madeFrom,
      ]),
  };
}

function impossible({ checks }: Verdict): string[] {
  const lines = checks.flatMap((check) =>
    check.kind === 'impossible' ? [`${check.point}: ${check.problems.join('; ')}`] : [],
  );
  return lines.length > 0 ? [list('Could not be checked', lines)] : [];
}

function sentenceOf({ checks, tolerancePercent }: Verdict): string {
  const done = checks.filter((check): check is Extract<Checked, { kind: 'checked' }> => check.kind === 'checked');
  const errors = done.map(({ errorPercent }) => Math.abs(errorPercent)).sort((a, b) => a - b);
  const off = done.filter(({ ok }) => !ok).length;
  const middle = errors[Math.floor(errors.length / 2)] ?? 0;
  return `${done.length} of ${checks.length} points checked, ${off} off by more than ${tolerancePercent} % (or than what is said beside it). Half of them are within ${Math.round(middle)} %, all within ${Math.round(errors.at(-1) ?? 0)} %.`;
}
