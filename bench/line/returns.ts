/** How long shoppers whose sockets were gone took to come back, and whether they found their places. */
import { build } from 'hdr-histogram-js';
import type { Crew } from '../crew/crew.ts';
import type { CrowdOrder, CrowdReport, Return } from './generator/notes.ts';

export interface Returns {
  readonly sockets: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly placesKept: number;
  readonly placesLost: number;
  readonly missing: number;
  readonly retries: number;
}

type CrowdCrew = Crew<CrowdOrder, CrowdReport>;

const HIGHEST_MS = 600_000;

/** Cuts its share of `sockets` in each generator, without a word, and has all of them come back in the same moment. */
export async function runStorm(crew: CrowdCrew, shares: readonly number[], ports: readonly number[]): Promise<Returns> {
  const stormed = crew.reports('stormed');
  crew.order((generator) => ({ t: 'storm', count: shares[generator] ?? 0, ports }));
  return returnsOf((await stormed).map((report) => ({ ...report, fromMs: report.cutAtMs })));
}

/** Kills an edge under its sockets. */
export async function runCrash(
  crew: CrowdCrew,
  dying: { readonly port: number; kill(): Promise<void> },
  ports: readonly number[],
): Promise<Returns> {
  const expecting = crew.reports('expecting');
  crew.order(() => ({ t: 'expect-crash', port: dying.port, ports }));
  await expecting;
  const back = crew.reports('back');
  const fromMs = Date.now();
  await dying.kill();
  return returnsOf((await back).map((report) => ({ ...report, fromMs })));
}

export function returnsOf(reports: readonly (Return & { readonly fromMs: number })[]): Returns {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_MS,
    numberOfSignificantValueDigits: 3,
  });
  for (const { backAtMs, fromMs } of reports) {
    for (const atMs of backAtMs) histogram.recordValue(Math.min(HIGHEST_MS, Math.max(0, Math.round(atMs - fromMs))));
  }
  const sum = (count: (one: Return) => number): number => reports.reduce((total, one) => total + count(one), 0);
  const missing = sum((one) => one.missing);
  const at = (percentile: number): number =>
    histogram.totalCount === 0 ? 0 : histogram.getValueAtPercentile(percentile);
  return {
    sockets: histogram.totalCount + missing,
    p50Ms: at(50),
    p99Ms: at(99),
    maxMs: histogram.maxValue,
    placesKept: sum(({ placesKept }) => placesKept),
    placesLost: sum(({ placesLost }) => placesLost),
    missing,
    retries: sum(({ retries }) => retries),
  };
}
