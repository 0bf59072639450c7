/** What a scenario is to the command: a folder of bench/ with one of these, named in scenarios.ts. */
import type { Audit } from './report/audit.ts';
import type { Chart } from './report/chart.ts';
import type { Figures } from './report/figures.ts';
import type { Table } from './report/table.ts';

export interface BenchContext {
  readonly seconds: number;
  /** How often what is measured in rounds is measured: `--runs`, else 3, and 1 with `--quick`. */
  readonly rounds: number;
  /** Leaves out the curves. */
  readonly quick: boolean;
  readonly doctored: boolean;
  /** A busy loop so long in the claim path of `core` and `edge`; none unless given. */
  readonly slowedMs?: number | undefined;
  /** How many shoppers wait in `line`; the scenario decides where it is not given. */
  readonly sockets?: number | undefined;
  /** A temporary folder of this run, removed after it. */
  readonly folder: string;
  /** Aborted by Ctrl-C: what was started has to be stopped, nothing more. */
  readonly signal: AbortSignal;
  /** Says what is being done now. */
  progress(what: string): void;
}

const DEFAULT_SECONDS = 5;

export function secondsOf(
  scenario: Scenario,
  asked: { readonly seconds: number | undefined; readonly quick: boolean },
): number {
  return asked.seconds ?? scenario.defaultSeconds?.(asked.quick) ?? DEFAULT_SECONDS;
}

export interface Findings {
  /** Beside seconds, rounds, quick and doctored, which every report has. */
  readonly settings: Figures;
  readonly metrics: Figures;
  /** What the bare parts do on this machine, measured in the same run. */
  readonly limits: Figures;
  /** Ours ÷ bare. */
  readonly ratios: Figures;
  /** By name: how the figures change along one dimension. */
  readonly curves: Readonly<Record<string, readonly Figures[]>>;
  /** What was measured several times, by path (`metrics.claimsPerSecond`), with the value of each round: the noise of a comparison. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  readonly charts: readonly Chart[];
  readonly audit: Audit;
  /** Versions of the servers that took part. */
  readonly servers: { readonly redis?: string; readonly kafka?: string; readonly postgres?: string };
  readonly tables: readonly Table[];
  /** What a reader has to know to read the figures right. */
  readonly notes: readonly string[];
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** How long a run of it is measured where nobody has said. */
  defaultSeconds?(quick: boolean): number;
  run(context: BenchContext): Promise<Findings>;
}
