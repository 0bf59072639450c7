/** What can be said of reports that are there: compared, as a page, and held against the goals. */
import { readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CompareOptions, GoalsOptions, PageOptions } from '../arguments.ts';
import { compareReports } from '../report/comparison.ts';
import { judgeGoal } from '../report/goal-verdict.ts';
import { GOALS } from '../report/goals.ts';
import { markdownOf } from '../report/markdown.ts';
import { renderPage } from '../report/page/page.ts';
import type { Report } from '../report/report.ts';
import { readReportFile } from '../report/report-file.ts';
import { tableOf } from '../report/table.ts';
import { renderComparison, renderGoals, rowOfGoal } from '../report/terminal.ts';
import { EXIT, exitOf, type Output } from './exit.ts';
import { whyUnwritable } from './files.ts';

const BASELINES = join(import.meta.dirname, '..', 'baselines');

export async function compareCommand(options: CompareOptions, output: Output): Promise<number> {
  const pair = await readPair(options.before, options.after);
  if (pair.kind === 'unusable') return misused(output, pair.problem);
  const { before, after } = pair;
  const problem = await whyUnwritable(options.jsonFile, options.htmlFile);
  if (problem !== undefined) return misused(output, problem);
  const comparison = compareReports(before, after);
  output.out(`${renderComparison(comparison)}\n`);
  const { jsonFile, htmlFile } = options;
  if (jsonFile !== undefined) await writeFile(jsonFile, `${JSON.stringify(comparison, null, 2)}\n`);
  if (htmlFile !== undefined) await writeFile(htmlFile, renderPage(after, before));
  if (!after.audit.ok) return EXIT.failed;
  return options.failOnWorse ? exitOf(comparison) : EXIT.ok;
}

export async function pageCommand(options: PageOptions, output: Output): Promise<number> {
  const htmlFile = resolve(options.htmlFile ?? options.file.replace(/(\.json)?$/, '.html'));
  const problem = await whyUnwritable(htmlFile);
  if (problem !== undefined) return misused(output, problem);
  const pair = await readPair(options.compareFile ?? options.file, options.file);
  if (pair.kind === 'unusable') return misused(output, pair.problem);
  const { before, after } = pair;
  await writeFile(htmlFile, renderPage(after, options.compareFile === undefined ? undefined : before));
  output.out(`${htmlFile}\n`);
  return EXIT.ok;
}

export async function goalsCommand({ from, markdown }: GoalsOptions, output: Output): Promise<number> {
  const folder = from ?? BASELINES;
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return misused(output, `There is no folder ${folder}.`);
  const reports = new Map<string, Report>();
  for (const name of names.filter((file) => file.endsWith('.json')).sort()) {
    const read = await readReportFile(join(folder, name));
    if (read.kind === 'unusable') output.err(`Left out: ${read.problem}\n`);
    else keepNewest(reports, read.report);
  }
  const verdicts = GOALS.map((goal) => judgeGoal(goal, reports.get(goal.scenario ?? '')));
  const sources = [...reports.values()].map(({ scenario, commit, at }) => `${scenario} ${commit} of ${at}`);
  const rows = verdicts.map((verdict) => ({ ...rowOfGoal(verdict), 'best published by a peer': verdict.peer }));
  output.out(
    markdown
      ? `${markdownOf(tableOf('', rows))}\n\nMeasured in: ${sources.join('; ')}.\n`
      : `${renderGoals('Goals', verdicts)}\n\nMeasured in: ${sources.join('; ')}.\n`,
  );
  return EXIT.ok;
}

type Pair =
  | { readonly kind: 'pair'; readonly before: Report; readonly after: Report }
  | { readonly kind: 'unusable'; readonly problem: string };

async function readPair(beforeFile: string, afterFile: string): Promise<Pair> {
  const [before, after] = [await readReportFile(beforeFile), await readReportFile(afterFile)];
  if (before.kind === 'unusable') return before;
  if (after.kind === 'unusable') return after;
  const [first, second] = [before.report.scenario, after.report.scenario];
  return first === second
    ? { kind: 'pair', before: before.report, after: after.report }
    : { kind: 'unusable', problem: `${beforeFile} is a report of ${first}, ${afterFile} one of ${second}.` };
}

function keepNewest(reports: Map<string, Report>, report: Report): void {
  const known = reports.get(report.scenario);
  if (known === undefined || known.at < report.at) reports.set(report.scenario, report);
}

function misused(output: Output, problem: string): number {
  output.err(`${problem}\n`);
  return EXIT.misused;
}
