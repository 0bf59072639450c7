/** What is drawn of a run: the lag by percentile, orders and lag over time, and how the rate goes with each dimension. */
import { joinHistograms } from '../crew/histograms.ts';
import { rateLine, stepFor } from '../machine/rate-line.ts';
import type { Chart, Line } from '../report/chart.ts';
import type { Figures } from '../report/figures.ts';
import { latencyLine } from '../report/latency-line.ts';
import { scalingCharts } from '../report/scaling-charts.ts';
import type { Measured } from './figures.ts';
import type { LagRun } from './lag-run.ts';
import type { ChainRun } from './run.ts';

const US_PER_MS = 1_000;
const MS_PER_SECOND = 1_000;
const STEP_AT_HALF_MS = 500;

export function chartsOf({ main, lag }: Measured, curves: Readonly<Record<string, readonly Figures[]>>): Chart[] {
  const [ours, bare] = [lag.ours.at(-1), lag.bare.at(-1)];
  return [
    {
      kind: 'latency',
      title: 'From a claim to its durable order, at half of the rate',
      lines: [lagLine('ours', lag.ours), lagLine('bare', lag.bare)],
    },
    {
      kind: 'timeline',
      title: 'All at once: orders committed',
      unit: 'orders/s',
      lines: [...main.bare.slice(-1), ...main.ours.slice(-1)].map(commitLine),
      marks: [],
    },
    ...(ours === undefined || bare === undefined ? [] : atHalf(ours, bare)),
    ...Object.entries(curves).flatMap(([dimension, points]) => scalingCharts(dimension, points, ['orders/s'])),
  ];
}

function lagLine(name: string, runs: readonly LagRun[]): Line {
  return latencyLine(name, joinHistograms(runs.map(({ lags }) => lags)), US_PER_MS);
}

function commitLine({ side, fromMs, commits }: ChainRun): Line {
  const toMs = commits.at(-1)?.atMs ?? fromMs;
  return rateLine(side, commits, { fromMs, toMs, stepMs: stepFor(toMs - fromMs) });
}

function atHalf(ours: LagRun, bare: LagRun): Chart[] {
  const marks = [{ atSeconds: (ours.measuredFromMs - ours.startMs) / MS_PER_SECOND, name: 'measured from here' }];
  return [
    {
      kind: 'timeline',
      title: 'At half of the rate: orders committed',
      unit: 'orders/s',
      lines: [bare, ours].map(({ side, commits, startMs, measuredToMs }) =>
        rateLine(side, commits, { fromMs: startMs, toMs: measuredToMs, stepMs: STEP_AT_HALF_MS }),
      ),
      marks,
    },
    {
      kind: 'timeline',
      title: 'At half of the rate: median lag of the claims that were due then',
      unit: 'ms',
      lines: [bare, ours].map(({ side, lagByTime }) => ({ name: side, points: lagByTime })),
      marks,
    },
  ];
}
