/** Reports of the bench as they lie in a folder, and the figures that are looked up in them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/** Those that a plan is made from. `sale` is only held against it. */
export const NEEDED = ['core', 'edge', 'line', 'orders', 'store'] as const;
export const SOURCES = [...NEEDED, 'sale'] as const;
export type Source = (typeof SOURCES)[number];

const Figures = Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()]));
const ReadReport = Type.Object({
  scenario: Type.String(),
  at: Type.String(),
  commit: Type.String(),
  machine: Type.Object({ cpu: Type.String(), cores: Type.Number(), memGiB: Type.Number() }),
  settings: Figures,
  metrics: Figures,
  limits: Figures,
  curves: Type.Record(Type.String(), Type.Array(Figures)),
  audit: Type.Object({ ok: Type.Boolean() }),
});
const shape = Compile(ReadReport);

export type ReadReport = Static<typeof ReadReport>;
export type Reports = Readonly<Partial<Record<Source, ReadReport>>>;

export type ReadFolder =
  | { readonly ok: true; readonly reports: Reports }
  | { readonly ok: false; readonly problems: readonly string[] };

export function againCommand(source: Source): string {
  return `npm run bench -- ${source} --json ${source}.json`;
}

/** All that is wrong is told at once. */
export async function readReports(folder: string): Promise<ReadFolder> {
  const reports: Partial<Record<Source, ReadReport>> = {};
  const problems: string[] = [];
  for (const source of SOURCES) {
    const read = await readReport(join(folder, `${source}.json`), source);
    if (read.kind === 'report') reports[source] = read.report;
    else if (read.kind === 'broken') problems.push(`${source}.json: ${read.problem}`);
    else if (source !== 'sale') problems.push(`${source}.json is not in ${folder}: ${againCommand(source)}`);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, reports };
}

type Read =
  | { readonly kind: 'report'; readonly report: ReadReport }
  | { readonly kind: 'absent' }
  | { readonly kind: 'broken'; readonly problem: string };

async function readReport(file: string, source: Source): Promise<Read> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return { kind: 'absent' };
  }
  return parseReport(text, source);
}

export function parseReport(text: string, source: Source): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: 'broken', problem: error instanceof Error ? error.message : String(error) };
  }
  if (!shape.Check(value)) {
    const [first] = shape.Errors(value);
    return {
      kind: 'broken',
      problem: `not a report of the bench (${first?.instancePath ?? ''} ${first?.message ?? ''})`,
    };
  }
  if (value.scenario !== source) return { kind: 'broken', problem: `a report of ${value.scenario}` };
  // What lost or doubled something has measured something else.
  if (!value.audit.ok) return { kind: 'broken', problem: 'its audit failed: its figures stand for nothing' };
  return { kind: 'report', report: value };
}

const PATH = /^(?<part>metrics|settings|limits|curves)\.(?<name>[^[\].]+)(?:\[(?<pick>[^\]]+)\]\.(?<column>.+))?$/u;

/** `metrics.claimsPerSecond`, `curves.batch[batch=16].claims/s`, `curves.sockets[first].joins/s`. */
export function figureAt(report: ReadReport | undefined, path: string): number | undefined {
  const groups = PATH.exec(path)?.groups;
  if (groups === undefined) throw new RangeError(`${path} is no path of a figure.`);
  if (report === undefined) return undefined;
  const { part, name = '', pick, column = '' } = groups;
  const value =
    part === 'curves' ? pointOf(report.curves[name] ?? [], pick ?? '')?.[column] : plainOf(report, part)[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function plainOf(report: ReadReport, part: string | undefined): Static<typeof Figures> {
  if (part === 'settings') return report.settings;
  return part === 'limits' ? report.limits : report.metrics;
}

function pointOf(points: ReadReport['curves'][string], pick: string): Static<typeof Figures> | undefined {
  if (pick === 'first') return points[0];
  if (pick === 'last') return points.at(-1);
  const conditions = pick.split(',').map((condition) => condition.split('='));
  return points.find((point) => conditions.every(([name = '', wanted]) => String(point[name]) === wanted));
}
