/** The report of a run: what the JSON file holds. Its names are relied on elsewhere: add, do not rename. */
import type { Machine } from '../machine/machine.ts';
import type { Findings } from '../scenario.ts';
import type { Audit } from './audit.ts';
import type { Figures } from './figures.ts';
import { finiteChart, finiteFigures, finiteSamples, finiteTable } from './finite.ts';

export interface Report {
  readonly scenario: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly commit: string;
  /** All of the run, warm-up and audit included. `null` in reports that are older than this. */
  readonly tookSeconds: number | null;
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
  readonly tookSeconds: number;
}

export function makeReport({ scenario, atMs, commit, machine, tookSeconds }: ReportHead, findings: Findings): Report {
  const { settings, metrics, limits, ratios, curves, samples, charts, tables, audit, notes, servers } = findings;
  const { redis = null, kafka = null, postgres = null } = servers;
  return {
    scenario,
    at: new Date(atMs).toISOString(),
    commit,
    tookSeconds,
    machine: { ...machine, redis, kafka, postgres },
    settings: finiteFigures(settings),
    metrics: finiteFigures(metrics),
    limits: finiteFigures(limits),
    ratios: finiteFigures(ratios),
    curves: Object.fromEntries(Object.entries(curves).map(([name, points]) => [name, points.map(finiteFigures)])),
    samples: finiteSamples(samples),
    charts: charts.map(finiteChart),
    tables: tables.map(finiteTable),
    audit,
    notes,
  };
}
