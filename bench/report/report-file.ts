/** A report read from a file. One that was written before charts and rounds were kept is a report as well. */
import { readFile } from 'node:fs/promises';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Report } from './report.ts';

const Figure = Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()]);
const Figures = Type.Record(Type.String(), Figure);
const Version = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const Count = Type.Number({ minimum: 0 });
const Line = Type.Object({ name: Type.String(), points: Type.Array(Type.Tuple([Type.Number(), Type.Number()])) });
const named = { title: Type.String(), lines: Type.Array(Line) };
const Mark = Type.Object({ atSeconds: Type.Number(), name: Type.String() });

const Chart = Type.Union([
  Type.Object({ kind: Type.Literal('latency'), ...named }),
  Type.Object({ kind: Type.Literal('timeline'), ...named, unit: Type.String(), marks: Type.Array(Mark) }),
  Type.Object({ kind: Type.Literal('scaling'), ...named, dimension: Type.String(), unit: Type.String() }),
]);

const Table = Type.Object({
  title: Type.String(),
  columns: Type.Array(Type.String()),
  rows: Type.Array(Type.Array(Figure)),
});

const ReportFile = Type.Object({
  scenario: Type.String({ minLength: 1 }),
  at: Type.String({ minLength: 1 }),
  commit: Type.String(),
  tookSeconds: Type.Optional(Type.Number()),
  machine: Type.Object({
    cpu: Type.String(),
    cores: Type.Number(),
    memGiB: Type.Number(),
    node: Type.String(),
    redis: Version,
    kafka: Version,
    postgres: Version,
  }),
  settings: Figures,
  metrics: Figures,
  limits: Figures,
  ratios: Figures,
  curves: Type.Optional(Type.Record(Type.String(), Type.Array(Figures))),
  samples: Type.Optional(Type.Record(Type.String(), Type.Array(Type.Number()))),
  charts: Type.Optional(Type.Array(Chart)),
  tables: Type.Optional(Type.Array(Table)),
  audit: Type.Object({
    ok: Type.Boolean(),
    oversold: Count,
    lost: Count,
    duplicated: Count,
    problems: Type.Optional(Type.Array(Type.String())),
  }),
  notes: Type.Optional(Type.Array(Type.String())),
});
type ReportFile = Static<typeof ReportFile>;

const compiled = Compile(ReportFile);
const isReportFile = (value: unknown): value is ReportFile => compiled.Check(value);

export type ReadReport =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'unusable'; readonly problem: string };

export async function readReportFile(file: string): Promise<ReadReport> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return unusable(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseReport(text, file);
}

export function parseReport(text: string, file: string): ReadReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unusable(`${file} is no report of a bench: it is not JSON.`);
  }
  if (isReportFile(value)) return { kind: 'report', report: whole(value) };
  const [first] = compiled.Errors(value);
  const where = first === undefined ? '' : `: ${first.instancePath || 'it'} ${first.message}`;
  return unusable(`${file} is no report of a bench${where}.`);
}

/** By name, so that what else is in the file stays there. */
function whole(file: ReportFile): Report {
  const { scenario, at, commit, settings, metrics, limits, ratios, machine, audit } = file;
  const { redis = null, kafka = null, postgres = null } = machine;
  return {
    ...{ scenario, at, commit, settings, metrics, limits, ratios },
    tookSeconds: file.tookSeconds ?? null,
    machine: { ...machine, redis, kafka, postgres },
    curves: file.curves ?? {},
    samples: file.samples ?? {},
    charts: file.charts ?? [],
    tables: file.tables ?? [],
    audit: { ...audit, problems: audit.problems ?? [] },
    notes: file.notes ?? [],
  };
}

function unusable(problem: string): ReadReport {
  return { kind: 'unusable', problem };
}
