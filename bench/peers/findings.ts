/** Makes a report of what the contenders did. */
import { availableParallelism } from 'node:os';
import type { Histogram } from 'hdr-histogram-js';
import { type ByPath, type FigureOf, figuresOf } from '../core/rounds.ts';
import { decodeHistograms } from '../crew/histograms.ts';
import { eachRatio, inRounds } from '../in-rounds.ts';
import { addCpu, bottleneckOf, coresOf, isDisturbed } from '../machine/cpu-use.ts';
import { type Audit, joinAudits } from '../report/audit.ts';
import type { Chart } from '../report/chart.ts';
import type { Figures } from '../report/figures.ts';
import { latencyLine } from '../report/latency-line.ts';
import { median, round } from '../report/statistics.ts';
import { tableOf } from '../report/table.ts';
import type { Findings } from '../scenario.ts';
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
const FIGURES = {
  DecisionsPerSecond: { of: ({ winning }) => winning.perSecond, digits: 0 },
  SoldOutPerSecond: { of: ({ soldOut }) => soldOut.perSecond, digits: 0 },
  OrdersPerSecond: { of: ({ ordersPerSecond }) => ordersPerSecond, digits: 0 },
  P50MsAtHalf: { of: ({ half }) => msAt(half, P50), digits: 2 },
  P99MsAtHalf: { of: ({ half }) => msAt(half, P99), digits: 2 },
  P99MsAtCommon: { of: ({ common }) => msAt(common, P99), digits: 2 },
  CpuUsPerOrder: { of: ({ cpuUsPerOrder }) => cpuUsPerOrder, digits: 1 },
} as const satisfies Readonly<Record<string, FigureOf<Turn>>>;

/** Ours ÷ theirs. */
const RATIOS = {
  to: ({ winning }) => winning.perSecond,
  ordersTo: ({ ordersPerSecond }) => ordersPerSecond,
  soldOutTo: ({ soldOut }) => soldOut.perSecond,
} as const satisfies Readonly<Record<string, (turn: Turn) => number>>;
const RATIO_DIGITS = 3;

export function findingsOf({ all, fsyncMs, postgres }: Found): Findings {
  const runs = all.flatMap(({ turns }) => turns.flatMap((turn) => PARTS.map((part) => turn[part])));
  const { metrics, ratios, samples } = inRounds({ ...figuresIn(all), ...ratiosIn(all) });
  return {
    settings: {
      ...{ connections: CONNECTIONS, shoppers: SHOPPERS },
      ...{ commonPerSecond: COMMON_PER_SECOND, scarceUnits: SCARCE.units, scarceAsks: SCARCE.asks },
      ...{ killUnits: KILL.units, killAsks: KILL.asks, killAtWins: KILL.atWins },
    },
    metrics: {
      ...metrics,
      ...Object.assign({}, ...all.map(countsOf)),
      generatorCores: round(median(runs.map(({ cpu }) => coresOf(cpu, 'generator'))), 2),
      bottleneck: bottleneckAt(all.find(({ contender }) => contender.name === 'ours')?.turns ?? [], 'winning'),
    },
    limits: { fsyncMs },
    ...{ ratios, curves: {}, samples },
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
  return latencies.getValueAtPercentile(percentile) / US_PER_MS;
}

function figuresIn(all: readonly Measured[]): ByPath {
  return Object.assign(
    {},
    ...all.map(({ contender: { name }, turns }) => {
      const named = Object.entries(FIGURES).map(([end, figure]) => [`${name}${end}`, figure] as const);
      return figuresOf('metrics', turns, Object.fromEntries(named));
    }),
  );
}

/** Of the product over HTTP, as all the others are asked, and of the same round. */
function ratiosIn(all: readonly Measured[]): ByPath {
  const ours = all.find(({ contender }) => contender.name === 'ours')?.turns ?? [];
  const theirs = all.filter(({ contender }) => !contender.isOurs);
  return Object.fromEntries(
    theirs.flatMap(({ contender: { name }, turns }) =>
      Object.entries(RATIOS).map(([begin, figure]) => [
        `ratios.${begin}${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        { values: eachRatio(ours, turns, figure), digits: RATIO_DIGITS },
      ]),
    ),
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
  const middle = (end: keyof typeof FIGURES): number => {
    const { of, digits } = FIGURES[end];
    return round(median(turns.map(of)), digits);
  };
  return {
    contender: contender.label,
    'decisions/s': middle('DecisionsPerSecond'),
    'orders/s': middle('OrdersPerSecond'),
    'sold out/s': middle('SoldOutPerSecond'),
    'p50 ms at half': middle('P50MsAtHalf'),
    'p99 ms at half': middle('P99MsAtHalf'),
    [`p99 ms at ${COMMON_PER_SECOND}/s`]: middle('P99MsAtCommon'),
    'CPU us/order': middle('CpuUsPerOrder'),
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
