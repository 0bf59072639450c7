/** How long shoppers whose sockets were gone took to come back, and whether they found their places. */
import type { Histogram } from 'hdr-histogram-js';
import type { Crew } from '../crew/crew.ts';
import type { CrowdOrder, CrowdReport, Return } from './generator/notes.ts';
import { createLatencies, percentileOf, recordSince } from './head-moves.ts';

export interface Returns {
  readonly sockets: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly placesKept: number;
  readonly placesLost: number;
  readonly missing: number;
  readonly retries: number;
  /** In milliseconds. */
  readonly latencies: Histogram;
}

type CrowdCrew = Crew<CrowdOrder, CrowdReport>;

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
  const latencies = createLatencies();
  for (const { backAtMs, fromMs } of reports) for (const atMs of backAtMs) recordSince(latencies, fromMs, atMs);
  const sum = (count: (one: Return) => number): number => reports.reduce((total, one) => total + count(one), 0);
  const missing = sum((one) => one.missing);
  return {
    sockets: latencies.totalCount + missing,
    p50Ms: percentileOf(latencies, 50),
    p99Ms: percentileOf(latencies, 99),
    maxMs: latencies.maxValue,
    placesKept: sum(({ placesKept }) => placesKept),
    placesLost: sum(({ placesLost }) => placesLost),
    missing,
    retries: sum(({ retries }) => retries),
    latencies,
  };
}
