/** What is drawn of a run: how fast all learn that the line moves and how fast they come back, joins over time, and cost by crowd. */
import { rateLine, stepFor } from '../machine/rate-line.ts';
import type { Chart, Line } from '../report/chart.ts';
import type { Figures } from '../report/figures.ts';
import { latencyLine } from '../report/latency-line.ts';
import { scalingCharts } from '../report/scaling-charts.ts';
import type { CrowdRun } from './crowd-run.ts';

const CURVES = ['joins/s', 'bytes/socket', 'head p99 ms', 'idle cores'];

export interface Drawn {
  readonly ours: CrowdRun;
  readonly bare: CrowdRun;
  readonly curve: readonly Figures[];
}

export function chartsOf({ ours, bare, curve }: Drawn): Chart[] {
  const of = `${ours.sockets.toLocaleString('en-US')} sockets`;
  const sides = [
    { name: 'ours', run: ours },
    { name: 'bare', run: bare },
  ];
  return [
    {
      kind: 'latency',
      title: `From a call until a waiting socket was told that the head moved: ${of}`,
      lines: sides.map(({ name, run }) => latencyLine(name, run.headMoves.latencies, 1)),
    },
    {
      kind: 'latency',
      title: `Back at one's place after the socket was cut, all at once: ${of}`,
      lines: [
        ...sides.map(({ name, run }) => latencyLine(`${name}, cut`, run.storm.latencies, 1)),
        ...(ours.crash === undefined ? [] : [latencyLine('ours, the edge died', ours.crash.latencies, 1)]),
      ],
    },
    {
      kind: 'timeline',
      title: `Shoppers who got a place: ${of}`,
      unit: 'joins/s',
      lines: sides.map(({ name, run }) => joinsLine(name, run)),
      marks: [],
    },
    ...scalingCharts('sockets', curve, CURVES),
  ];
}

function joinsLine(name: string, { joinsByTime }: CrowdRun): Line {
  const toMs = Math.max(0, ...joinsByTime.map(({ atMs }) => atMs));
  return rateLine(name, joinsByTime, { fromMs: 0, toMs, stepMs: stepFor(toMs) });
}
