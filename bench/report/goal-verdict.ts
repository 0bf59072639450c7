/** How a report did by the goals. A goal with a speed and a ratio is held when both are. */
import { type Bound, GOALS, type Goal } from './goals.ts';
import type { Report } from './report.ts';

export interface GoalVerdict {
  readonly scenario: string | null;
  readonly what: string;
  readonly measured: number | null;
  readonly bare: number | null;
  readonly ratio: number | null;
  /** `≥ 40,000; ≥ 0.7 of bare`. */
  readonly goal: string;
  readonly verdict: 'held' | 'missed' | 'not measured';
  /** By how much it was missed, why it counts for nothing, or how little it is held by. */
  readonly detail: string;
  readonly peer: string | null;
}

const PERCENT = 100;

export function goalsOf(report: Report): GoalVerdict[] {
  return GOALS.filter(({ scenario }) => scenario === report.scenario).map((goal) => judgeGoal(goal, report));
}

/** `report`: that of the goal's scenario, where there is one. */
export function judgeGoal(goal: Goal, report: Report | undefined): GoalVerdict {
  const numbers = { measured: null, bare: null, ratio: null };
  const base = { scenario: goal.scenario, what: goal.what, ...numbers, goal: sayGoal(goal), peer: goal.peer };
  if (goal.figure === null) return { ...base, verdict: 'not measured', detail: goal.see ?? '' };
  if (report === undefined) return { ...base, verdict: 'not measured', detail: 'no report' };
  const measured = numberAt(report, goal.figure);
  const ratio = numberAt(report, goal.ratio);
  const found = { ...base, measured, bare: numberAt(report, goal.bare), ratio };
  const why = whyNot(goal, report, measured);
  if (why !== undefined) return { ...found, verdict: 'not measured', detail: why };
  const missed = [missedBy(measured, goal, ''), missedBy(ratio, { least: goal.leastRatio }, ' of bare')].filter(
    (by) => by !== undefined,
  );
  if (missed.length === 0) {
    // One round may have been a lucky one.
    return { ...found, verdict: 'held', detail: numberAt(report, 'settings.rounds') === 1 ? 'by a single round' : '' };
  }
  const bareToo = found.bare !== null && missedBy(found.bare, goal, '') !== undefined;
  return { ...found, verdict: 'missed', detail: `${missed.join(', ')}${bareToo ? '; bare misses it too' : ''}` };
}

function whyNot(goal: Goal, report: Report, measured: number | null): string | undefined {
  if (!report.audit.ok) return 'the audit failed: the run counts for nothing';
  if (measured === null) return 'not in this report';
  if (goal.leastRatio !== undefined && numberAt(report, goal.ratio) === null) return 'no ratio in this report';
  const small = goal.needs?.find(({ figure, least }) => (numberAt(report, figure) ?? 0) < least);
  if (small === undefined) return undefined;
  const { figure, least } = small;
  return `with ${say(numberAt(report, figure) ?? 0)} ${figure.split('.').at(-1)}, not ${say(least)}`;
}

function missedBy(value: number | null, bound: Partial<Record<keyof Bound, number | undefined>>, of: string) {
  if (value === null) return undefined;
  const { least, most } = bound;
  if (least !== undefined && value < least) return `${share((least - value) / least)} too little${of}`;
  if (most === undefined || value <= most) return undefined;
  if (most === 0) return `${say(value)} too many${of}`;
  // 879 % too much is read wrong by most.
  return value >= 2 * most
    ? `${(value / most).toFixed(1)} × the goal`
    : `${share((value - most) / most)} too much${of}`;
}

function sayGoal({ least, most, leastRatio }: Goal): string {
  return [
    ...(least === undefined ? [] : [`≥ ${say(least)}`]),
    ...(most === undefined ? [] : [most === 0 ? '0' : `≤ ${say(most)}`]),
    ...(leastRatio === undefined ? [] : [`≥ ${leastRatio} of bare`]),
  ].join('; ');
}

function numberAt(report: Report, path: string | undefined | null): number | null {
  const [group, name = ''] = path?.split('.') ?? [];
  const figure = groupOf(report, group)[name];
  return typeof figure === 'number' ? figure : null;
}

function groupOf({ metrics, limits, ratios, settings, audit }: Report, group: string | undefined) {
  const groups: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    ...{ metrics, limits, ratios, settings },
    audit: { ...audit },
  };
  return groups[group ?? ''] ?? {};
}

function share(value: number): string {
  const percent = value * PERCENT;
  return `${percent < 1 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

function say(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}
