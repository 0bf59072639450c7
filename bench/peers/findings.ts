/** Makes a report of what the contenders did. */
import { availableParallelism } from 'node:os';
import type { Histogram } from 'hdr-histogram-js';
import { decodeHistograms } from '../crew/histograms.ts';
import { addCpu, bottleneckOf, coresOf, isDisturbed } from '../machine/cpu-use.ts';
import { type Audit, joinAudits } from '../report/audit.ts';
import type { Chart } from '../report/chart.ts';
import type { Figures } from '../report/figures.ts';
import { latencyLine } from '../report/latency-line.ts';
import { median, round } from '../report/statistics.ts';
import { tableOf } from '../report/table.ts';
import type { BenchContext, Findings } from '../scenario.ts';
import { addBooks, auditOurs, type Books } from './audit.ts';
import { CONNECTIONS, SHOPPERS } from './contender.ts';
import { notesOf } from './notes.ts';
import { COMMON_PER_SECOND, KILL, type Measured, type Run, SCARCE, type Turn } from './turn.ts';

export interface Found {
  readonly all: readonly Measured[];
  readonly fsyncMs: number;
  readonly postgres: string;
}

type Part = 'winning' | 'half' | 'common' | 'soldOut';
const PARTS: readonly Part[] = ['winning', 'soldOut', 'half', 'common'];
const OF_ONE_CORE = ['generator', 'server', 'relay', 'orders', 'redis'];
const US_PER_MS = 1_000;
const P50 = 50;
const P99 = 99;

/** What is measured in each round, by the end of its name. */
const FIGURES: Readonly<Record<string, (turn: Turn) => number>> = {
  DecisionsPerSecond: ({ winning }) => round(winning.perSecond),
  SoldOutPerSecond: ({ soldOut }) => round(soldOut.perSecond),
  OrdersPerSecond: ({ ordersPerSecond }) => round(ordersPerSecond),
  P50MsAtHalf: ({ half }) => msAt(half, P50),
  P99MsAtHalf: ({ half }) => msAt(half, P99),
  P99MsAtCommon: ({ common }) => msAt(common, P99),
  CpuUsPerOrder: ({ cpuUsPerOrder }) => round(cpuUsPerOrder, 1),
};

/** Ours ÷ theirs. */
const RATIOS: Readonly<Record<string, (turn: Turn) => number>> = {
  to: ({ winning }) => winning.perSecond,
  ordersTo: (turn) => turn.ordersPerSecond,
  soldOutTo: ({ soldOut }) => soldOut.perSecond,
};

export function findingsOf(context: BenchContext, { all, fsyncMs, postgres }: Found): Findings {
  const { seconds, quick, doctored, rounds } = context;
  const runs = all.flatMap(({ turns }) => turns.flatMap((turn) => PARTS.map((part) => turn[part])));
  const samples = { ...samplesOf(all), ...ratioSamplesOf(all) };
  return {
    settings: {
      ...{ seconds, rounds, quick, doctored, connections: CONNECTIONS, shoppers: SHOPPERS },
      ...{ commonPerSecond: COMMON_PER_SECOND, scarceUnits: SCARCE.units, scarceAsks: SCARCE.asks },
      ...{ killUnits: KILL.units, killAsks: KILL.asks, killAtWins: KILL.atWins },
    },
    metrics: {
      ...mediansOf(samples, 'metrics.'),
      ...Object.assign({}, ...all.map(countsOf)),
      generatorCores: round(median(runs.map(({ cpu }) => coresOf(cpu, 'generator'))), 2),
      bottleneck: bottleneckAt(all.find(({ contender }) => contender.name === 'ours')?.turns ?? [], 'winning'),
    },
    limits: { fsyncMs },
    ratios: mediansOf(samples, 'ratios.'),
    curves: {},
    samples,
    charts: chartsOf(all),
    audit: joinAudits(all.filter(({ contender }) => contender.isOurs).flatMap(auditsOf)),
    servers: { redis: redisVersionOf(all), kafka: 'started', postgres },
    tables: [
      tableOf('Side by side (medians of the rounds)', all.map(rowOf)),
      tableOf(
        'The books: plenty, the last units, and all processes of the contender killed in the middle',
        all.map(booksRowOf),
      ),
      tableOf('Cores in use while winning', all.map(coresRowOf)),
      tableOf('What was full', all.map(fullRowOf)),
    ],
    notes: notesOf({
      fsyncMs,
      runs: runs.length,
      disturbed: runs.filter(({ cpu }) => isDisturbed(cpu, availableParallelism())).length,
      generatorFull: all.flatMap(({ contender, turns }) =>
        PARTS.filter((part) => bottleneckAt(turns, part) === 'generator').map((part) => `${contender.label}: ${part}`),
      ),
    }),
  };
}

function redisVersionOf(all: readonly Measured[]): string {
  return (
    all.flatMap(({ turns }) => turns).find(({ redisVersion }) => redisVersion !== undefined)?.redisVersion ?? 'none'
  );
}

function msAt({ latencies }: Run, percentile: number): number {
  return round(latencies.getValueAtPercentile(percentile) / US_PER_MS, 2);
}

function samplesOf(all: readonly Measured[]): Record<string, readonly number[]> {
  return Object.fromEntries(
    all.flatMap(({ contender, turns }) =>
      Object.entries(FIGURES).map(([end, figure]) => [`metrics.${contender.name}${end}`, turns.map(figure)]),
    ),
  );
}

/** Of the product over HTTP, as all the others are asked, and of the same round. */
function ratioSamplesOf(all: readonly Measured[]): Record<string, readonly number[]> {
  const ours = all.find(({ contender }) => contender.name === 'ours')?.turns ?? [];
  return Object.fromEntries(
    all
      .filter(({ contender }) => !contender.isOurs)
      .flatMap(({ contender, turns }) =>
        Object.entries(RATIOS).map(([begin, figure]) => [
          `ratios.${begin}${contender.name.charAt(0).toUpperCase()}${contender.name.slice(1)}`,
          ours.map((turn, at) => round(figure(turn) / figure(turns[at] ?? turn), 3)),
        ]),
      ),
  );
}

function mediansOf(samples: Readonly<Record<string, readonly number[]>>, prefix: string): Figures {
  return Object.fromEntries(
    Object.entries(samples)
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, values]) => [path.slice(prefix.length), round(median(values), 3)]),
  );
}

const booksUnderLoad = ({ turns }: Measured): Books => addBooks(turns.flatMap(({ books }) => books));
const booksOfAll = (one: Measured): Books => addBooks([booksUnderLoad(one), ...one.killed.map(({ books }) => books)]);

function countsOf(one: Measured): Figures {
  const { name } = one.contender;
  const { oversold, lost } = booksOfAll(one);
  const told = { [`${name}Oversold`]: oversold, [`${name}Lost`]: lost };
  if (one.killed.length === 0) return told;
  const killed = addBooks(one.killed.map(({ books }) => books));
  return {
    ...told,
    [`${name}KilledUntold`]: killed.untold,
    [`${name}KilledStranded`]: killed.stranded,
    [`${name}KilledDownMs`]: round(median(one.killed.map(({ downMs }) => downMs))),
    [`${name}KilledSettledMs`]: round(median(one.killed.map(({ settledMs }) => settledMs))),
  };
}

function rowOf({ contender, turns }: Measured): Figures {
  const middle = (figure: ((turn: Turn) => number) | undefined): number =>
    figure === undefined ? 0 : round(median(turns.map(figure)), 2);
  return {
    contender: contender.label,
    'decisions/s': middle(FIGURES['DecisionsPerSecond']),
    'orders/s': middle(FIGURES['OrdersPerSecond']),
    'sold out/s': middle(FIGURES['SoldOutPerSecond']),
    'p50 ms at half': middle(FIGURES['P50MsAtHalf']),
    'p99 ms at half': middle(FIGURES['P99MsAtHalf']),
    [`p99 ms at ${COMMON_PER_SECOND}/s`]: middle(FIGURES['P99MsAtCommon']),
    'CPU us/order': middle(FIGURES['CpuUsPerOrder']),
  };
}

function booksRowOf(one: Measured): Figures {
  const load = booksUnderLoad(one);
  const [killed] = one.killed;
  return {
    contender: one.contender.label,
    oversold: load.oversold,
    lost: load.lost,
    'killed: oversold': killed?.books.oversold ?? null,
    'told yes, no order': killed?.books.lost ?? null,
    'units of nobody': killed?.books.stranded ?? null,
    'orders nobody knows of': killed?.books.untold ?? null,
    'answers again after ms': killed === undefined ? null : round(killed.downMs),
    'last order after ms': killed === undefined ? null : round(killed.settledMs),
  };
}

function coresRowOf({ contender, turns }: Measured): Figures {
  const cpu = addCpu(turns.map(({ winning }) => winning.cpu));
  const cores = (name: string): number => round(coresOf(cpu, name), 2);
  const [generator, server, redis, postgres] = ['generator', 'server', 'redis', 'postgres'].map(cores);
  return {
    contender: contender.label,
    ...{ generator: generator ?? 0, server: server ?? 0, redis: redis ?? 0, postgres: postgres ?? 0 },
    'relay and orders': round(cores('relay') + cores('orders'), 2),
    kafka: cores('kafka'),
    others: round(cpu.othersMs / cpu.wallMs, 2),
  };
}

function bottleneckAt(turns: readonly Turn[], part: Part): string {
  return bottleneckOf(addCpu(turns.map((turn) => turn[part].cpu)), OF_ONE_CORE, availableParallelism());
}

function fullRowOf({ contender, turns }: Measured): Figures {
  return {
    contender: contender.label,
    winning: bottleneckAt(turns, 'winning'),
    'sold out': bottleneckAt(turns, 'soldOut'),
    'at half': bottleneckAt(turns, 'half'),
  };
}

function chartsOf(all: readonly Measured[]): Chart[] {
  const lines = (part: Part) =>
    all.map(({ contender, turns }) => latencyLine(contender.label, joined(turns.map((turn) => turn[part])), US_PER_MS));
  return [
    { kind: 'latency', title: 'Each at half of what it can', lines: lines('half') },
    { kind: 'latency', title: `All at ${COMMON_PER_SECOND} claims/s`, lines: lines('common') },
  ];
}

function joined(runs: readonly Run[]): Histogram {
  return decodeHistograms(runs.map(({ asked }) => asked.histogram));
}

function auditsOf({ contender, turns, killed }: Measured): Audit[] {
  return [
    ...turns.flatMap(({ winning, half, common, soldOut, last, books: [plenty, scarce] }) => [
      auditOurs(
        `${contender.label}, plenty`,
        plenty,
        [winning, half, common].map(({ asked }) => asked),
        false,
      ),
      auditOurs(`${contender.label}, the last units`, scarce, [last, soldOut.asked], true),
    ]),
    ...killed.map(({ books, asked }) => auditOurs(`${contender.label}, killed`, books, [asked], true)),
  ];
}
