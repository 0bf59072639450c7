/** What is drawn of a run: the latency of each kind by percentile, orders over time, and how each kind goes with the catalog. */
import { decodeHistograms } from '../crew/histograms.ts';
import { rateLine, stepFor } from '../machine/rate-line.ts';
import type { Chart, Line } from '../report/chart.ts';
import type { Figures } from '../report/figures.ts';
import { latencyLine } from '../report/latency-line.ts';
import type { Measured } from './measure.ts';
import { KINDS } from './traffic.ts';

const US_PER_MS = 1_000;

/** `rows` are those of the tables. */
export function chartsOf(measured: readonly Measured[], rows: readonly Figures[]): Chart[] {
  const last = measured.at(-1);
  if (last === undefined) return [];
  return [...latencies(last), ...overTime(last), ...(measured.length > 1 ? scaling(rows) : [])];
}

function latencies({ products, kinds, purchases, bare }: Measured): Chart[] {
  const line = (name: string, runs: readonly { readonly histogram: string }[]): Line =>
    latencyLine(name, decodeHistograms(runs.map(({ histogram }) => histogram)), US_PER_MS);
  const of = `${products.toLocaleString('en-US')} products, at half of the full speed`;
  return [
    {
      kind: 'latency',
      title: `By kind of request: ${of}`,
      lines: [
        ...KINDS.map((kind) =>
          line(
            kind,
            kinds[kind].map(({ half }) => half),
          ),
        ),
        line(
          'checkout and order',
          purchases.rounds.map(({ half }) => half.both),
        ),
      ],
    },
    {
      kind: 'latency',
      title: `A product page and the bare route at the same rate: ${of}`,
      lines: [
        line(
          'product',
          kinds.product.map(({ half }) => half),
        ),
        line(
          'bare route',
          bare.map(({ same }) => same),
        ),
      ],
    },
  ];
}

function overTime({ purchases }: Measured): Chart[] {
  const bought = purchases.rounds.at(-1);
  if (bought === undefined) return [];
  const line = (name: string, answeredAtMs: readonly number[]): Line => {
    const toMs = Math.max(0, ...answeredAtMs.slice(-1));
    const happened = answeredAtMs.map((atMs) => ({ atMs, count: 1 }));
    return rateLine(name, happened, { fromMs: 0, toMs, stepMs: stepFor(toMs) });
  };
  return [
    {
      kind: 'timeline',
      title: 'Purchases answered',
      unit: 'orders/s',
      lines: [line('at full speed', bought.full.answeredAtMs), line('at half', bought.half.answeredAtMs)],
      marks: [],
    },
  ];
}

function scaling(rows: readonly Figures[]): Chart[] {
  const what = [...new Set(rows.map((row) => String(row['what'])))].filter((name) => name !== 'bare route');
  const lines = (figure: (row: Figures) => number): Line[] =>
    what.map((name) => ({
      name,
      points: rows
        .filter((row) => row['what'] === name)
        .map((row): [number, number] => [Number(row['products']), figure(row)]),
    }));
  const cpuMs = (row: Figures): number =>
    ['store ms', 'postgres ms', 'redis ms', 'payments ms'].reduce((sum, name) => sum + Number(row[name]), 0);
  const chart = (title: string, unit: string, figure: (row: Figures) => number): Chart => ({
    ...{ kind: 'scaling', title, dimension: 'products', unit },
    lines: lines(figure),
  });
  return [
    chart('Requests a second by products', 'requests/s', (row) => Number(row['req/s'])),
    chart('p99 at half by products', 'ms', (row) => Number(row['p99 ms'])),
    chart('CPU time of a request by products', 'ms', cpuMs),
  ];
}

export function oldOrdersCharts(points: readonly Figures[]): Chart[] {
  if (points.length === 0) return [];
  const line = (name: string): Line => ({
    name,
    points: points.map((point) => [Number(point['orders']), Number(point[name])]),
  });
  return [
    {
      ...{ kind: 'scaling', title: 'p99 at half by the orders there', dimension: 'orders', unit: 'ms' },
      lines: ['checkout p99 ms', 'status p99 ms'].map(line),
    },
    {
      ...{ kind: 'scaling', title: 'CPU time of PostgreSQL by the orders there', dimension: 'orders', unit: 'ms' },
      lines: ['postgres ms/order', 'postgres ms/status'].map(line),
    },
  ];
}
