/** What a report of `core` draws. */
import type { Histogram } from 'hdr-histogram-js';
import { joinHistograms } from '../crew/histograms.ts';
import type { Slice } from '../crew/timeline.ts';
import type { Rounds } from '../in-turn.ts';
import type { Chart, Line } from '../report/chart.ts';
import { latencyLine } from '../report/latency-line.ts';
import { scalingCharts } from '../report/scaling-charts.ts';
import type { Curves } from './curves.ts';
import type { Parts } from './figures.ts';

const US_PER_MS = 1_000;

export function chartsOf({ full, half }: Parts, warmUpMs: number, scaling: Curves | undefined): Chart[] {
  return [
    latencyChart('Latency of a claim at half of the maximum, open loop, all rounds', half),
    latencyChart('Latency of a claim with the queue always full, all rounds', full),
    timelineChart('Claims answered in a second, last round', 'claims/s', full, warmUpMs),
    ...Object.entries(scaling?.curves ?? {}).flatMap(([dimension, points]) => scalingCharts(dimension, points, UNITS)),
  ];
}

export function latencyChart(title: string, { ours, bare }: Rounds<{ readonly latencies: Histogram }>): Chart {
  const line = (name: string, runs: readonly { readonly latencies: Histogram }[]): Line =>
    latencyLine(name, joinHistograms(runs.map(({ latencies }) => latencies)), US_PER_MS);
  return { kind: 'latency', title, lines: [line('ours', ours), line('bare', bare)] };
}

export function timelineChart(
  title: string,
  unit: string,
  { ours, bare }: Rounds<{ readonly timeline: readonly Slice[] }>,
  warmUpMs: number,
): Chart {
  const line = (name: string, runs: readonly { readonly timeline: readonly Slice[] }[]): Line => ({
    name,
    points: runs.at(-1)?.timeline ?? [],
  });
  return {
    kind: 'timeline',
    title,
    unit,
    lines: [line('ours', ours), line('bare', bare)],
    marks: [{ atSeconds: warmUpMs / 1_000, name: 'measured from here' }],
  };
}

const UNITS = ['claims/s', 'Redis us/claim'];
