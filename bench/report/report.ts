/** The report of a run: what the JSON file holds. Its names are relied on elsewhere: add, do not rename. */
import type { Machine } from '../machine/machine.ts';
import type { Findings } from '../scenario.ts';
import type { Audit } from './audit.ts';
import type { Figures } from './figures.ts';
import { listOf, renderTable } from './table.ts';

export interface Report {
  readonly scenario: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly commit: string;
  readonly machine: Machine & {
    readonly redis: string | null;
    readonly kafka: string | null;
    readonly postgres: string | null;
  };
  readonly settings: Figures;
  readonly metrics: Figures;
  readonly limits: Figures;
  readonly ratios: Figures;
  readonly curves: Findings['curves'];
  readonly samples: Findings['samples'];
  readonly charts: Findings['charts'];
  readonly tables: Findings['tables'];
  readonly audit: Audit;
  readonly notes: readonly string[];
}

export interface ReportHead {
  readonly scenario: string;
  readonly atMs: number;
  readonly commit: string;
  readonly machine: Machine;
}

export function makeReport({ scenario, atMs, commit, machine }: ReportHead, findings: Findings): Report {
  const { settings, metrics, limits, ratios, curves, samples, charts, tables, audit, notes, servers } = findings;
  const { redis = null, kafka = null, postgres = null } = servers;
  return {
    scenario,
    at: new Date(atMs).toISOString(),
    commit,
    machine: { ...machine, redis, kafka, postgres },
    settings,
    metrics,
    limits,
    ratios,
    curves,
    samples,
    charts,
    tables,
    audit,
    notes,
  };
}

export function renderReport(report: Report): string {
  const { machine, audit } = report;
  const head = `${report.scenario} · ${report.at} · ${report.commit}
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
  return [
    head,
    ...lists
      .filter(([, figures]) => Object.keys(figures).length > 0)
      .map(([title, figures]) => renderTable(listOf(title, figures))),
    ...report.tables.map(renderTable),
    ...(report.notes.length > 0 ? [report.notes.map((note) => `· ${note}`).join('\n')] : []),
    verdict,
  ].join('\n\n');
}
