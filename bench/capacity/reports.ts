/** Reports of the bench as they lie in a folder, and the figures that are looked up in them. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figures } from '../report/figures.ts';
import type { Report } from '../report/report.ts';
import { readReportFile } from '../report/report-file.ts';

/** Those that a plan is made from. `sale` is only held against it. */
const NEEDED = ['core', 'edge', 'line', 'orders', 'store'] as const;
const SOURCES = [...NEEDED, 'sale'] as const;
export type Source = (typeof SOURCES)[number];

export type Reports = Readonly<Partial<Record<Source, Report>>>;

export type ReadFolder =
  | { readonly ok: true; readonly reports: Reports }
  | { readonly ok: false; readonly problems: readonly string[] };

export function againCommand(source: Source): string {
  return `npm run bench -- ${source} --json ${source}.json`;
}

/** All that is wrong is told at once. */
export async function readReports(folder: string): Promise<ReadFolder> {
  const reports: Partial<Record<Source, Report>> = {};
  const problems: string[] = [];
  for (const source of SOURCES) {
    const file = join(folder, `${source}.json`);
    if (!(await isThere(file))) {
      if (source !== 'sale') problems.push(`${source}.json is not in ${folder}: ${againCommand(source)}`);
      continue;
    }
    const read = await readReportFile(file);
    const problem = read.kind === 'report' ? whyUseless(read.report, source) : read.problem;
    if (read.kind === 'report' && problem === undefined) reports[source] = read.report;
    else problems.push(`${source}.json: ${problem}`);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, reports };
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

export function whyUseless({ scenario, audit }: Report, source: Source): string | undefined {
  if (scenario !== source) return `a report of ${scenario}, not of ${source}`;
  // What lost or doubled something has measured something else.
  return audit.ok ? undefined : 'its audit failed: its figures stand for nothing';
}

const PATH = /^(?<part>metrics|settings|limits|curves)\.(?<name>[^[\].]+)(?:\[(?<pick>[^\]]+)\]\.(?<column>.+))?$/u;

/**
 * `metrics.claimsPerSecond`, `curves.batch[batch=16].claims/s`, `curves.sockets[first].joins/s`,
 * `curves.products[last,what=cart].store ms`: the last of those that are of a cart.
 */
export function figureAt(report: Report | undefined, path: string): number | undefined {
  const groups = PATH.exec(path)?.groups;
  if (groups === undefined) throw new RangeError(`${path} is no path of a figure.`);
  if (report === undefined) return undefined;
  const { part, name = '', pick = '', column = '' } = groups;
  const value = part === 'curves' ? pointOf(report.curves[name] ?? [], pick)?.[column] : plainOf(report, part)[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function plainOf(report: Report, part: string | undefined): Figures {
  if (part === 'settings') return report.settings;
  return part === 'limits' ? report.limits : report.metrics;
}

function pointOf(points: readonly Figures[], pick: string): Figures | undefined {
  const words = pick.split(',');
  const conditions = words.filter((word) => word.includes('=')).map((word) => word.split('='));
  const found = points.filter((point) => conditions.every(([name = '', wanted]) => String(point[name]) === wanted));
  return found.at(words.includes('last') ? -1 : 0);
}
