/** The figures of a report, from the runs. */
import { eachRatio, inRounds, type Rounded } from '../in-rounds.ts';
import type { Rounds, Side } from '../in-turn.ts';
import { addCpu, type CpuUse, coresOf } from '../machine/cpu-use.ts';
import type { Figures } from '../report/figures.ts';
import { round, spread } from '../report/statistics.ts';
import { type Table, tableOf } from '../report/table.ts';
import { bottleneckOf } from './bottleneck.ts';
import { type LagRun, lagAtMs } from './lag-run.ts';
import type { PartsRun } from './parts-run.ts';
import type { ChainRun } from './run.ts';
import { PROCESSES } from './watch.ts';

export interface Measured {
  readonly main: Rounds<ChainRun>;
  readonly slow: Rounds<ChainRun>;
  readonly parts: Readonly<Record<Side, PartsRun>>;
  readonly lag: Rounds<LagRun>;
  readonly fsyncMs: number;
}

/** Statements in the table. */
const SHOWN = 4;
const US_PER_MS = 1_000;
const US_PER_SECOND = 1_000_000;
const speed = (run: ChainRun): number => run.ordersPerSecond;
const cpuUs = ({ cpu, claims }: ChainRun): number =>
  PROCESSES.reduce((sum, name) => sum + ((cpu.ms[name] ?? 0) * US_PER_MS) / claims, 0);
const lagAt =
  (percentile: number) =>
  ({ lags }: LagRun): number =>
    lagAtMs(lags, percentile);
const lagMax = ({ lags }: LagRun): number => lags.maxValue / US_PER_MS;

/** CPU time of each process for one order. */
export function usOf({ ms, othersMs }: CpuUse, orders: number): Figures {
  const us = (used: number): number => round((used * US_PER_MS) / orders, 1);
  const each = PROCESSES.filter((name) => ms[name] !== undefined).map((name) => [`${name} us`, us(ms[name] ?? 0)]);
  return { ...Object.fromEntries(each), 'others us': us(othersMs) };
}

/** Statements of one transaction after the other: what one session would do in a second. */
function sessionPerSecond({ statements }: PartsRun): number {
  const us = statements.reduce((sum, statement) => sum + Number(statement['us/order']), 0);
  return us > 0 ? round(US_PER_SECOND / us) : 0;
}

export function figuresOf(measured: Measured, coresOfMachine: number): Rounded {
  const { main, slow, parts, lag, fsyncMs } = measured;
  const rounded = inRounds({
    'metrics.ordersPerSecond': { values: main.ours.map(speed) },
    'metrics.lagP50MsAtHalf': { values: lag.ours.map(lagAt(50)), digits: 1 },
    'metrics.lagP99MsAtHalf': { values: lag.ours.map(lagAt(99)), digits: 1 },
    'metrics.lagP999MsAtHalf': { values: lag.ours.map(lagAt(99.9)), digits: 1 },
    'metrics.lagMaxMsAtHalf': { values: lag.ours.map(lagMax), digits: 1 },
    'metrics.ordersPerSecondAt2MsFsync': { values: slow.ours.map(speed) },
    'metrics.cpuUsPerOrder': { values: main.ours.map(cpuUs), digits: 1 },
    'limits.bareOrdersPerSecond': { values: main.bare.map(speed) },
    'limits.bareLagP50MsAtHalf': { values: lag.bare.map(lagAt(50)), digits: 1 },
    'limits.bareLagP99MsAtHalf': { values: lag.bare.map(lagAt(99)), digits: 1 },
    'limits.bareLagMaxMsAtHalf': { values: lag.bare.map(lagMax), digits: 1 },
    'limits.bareOrdersPerSecondAt2MsFsync': { values: slow.bare.map(speed) },
    'limits.bareCpuUsPerOrder': { values: main.bare.map(cpuUs), digits: 1 },
    'ratios.orders': { values: eachRatio(main.ours, main.bare, speed), digits: 3 },
    // Bare ÷ ours, of the CPU time of all processes: what other programs on the machine disturb least.
    'ratios.cpu': { values: eachRatio(main.bare, main.ours, cpuUs), digits: 3 },
    'ratios.ordersAt2MsFsync': { values: eachRatio(slow.ours, slow.bare, speed), digits: 3 },
  });
  const atHalf = addCpu(lag.ours.map(({ cpu }) => cpu));
  return {
    ...rounded,
    metrics: {
      ...rounded.metrics,
      ordersSpread: round(spread(main.ours.map(speed)), 2),
      relayAlonePerSecond: round(parts.ours.relayPerSecond),
      writerAlonePerSecond: round(parts.ours.writerPerSecond),
      postgresSessionPerSecond: sessionPerSecond(parts.ours),
      bottleneck: bottleneckOf(main.ours, coresOfMachine),
      bottleneckAtHalf: bottleneckOf(lag.ours, coresOfMachine),
      ...Object.fromEntries(PROCESSES.map((name) => [`${name}Cores`, round(coresOf(allOf(main.ours), name), 2)])),
      generatorCores: round(coresOf(atHalf, 'generator'), 2),
      generatorLatestMs: round(Math.max(0, ...lag.ours.map(({ generatorLatestMs }) => generatorLatestMs)), 1),
      fsyncMs,
    },
    limits: {
      ...rounded.limits,
      bareSpread: round(spread(main.bare.map(speed)), 2),
      bareRelayAlonePerSecond: round(parts.bare.relayPerSecond),
      bareWriterAlonePerSecond: round(parts.bare.writerPerSecond),
      barePostgresSessionPerSecond: sessionPerSecond(parts.bare),
      bareBottleneck: bottleneckOf(main.bare, coresOfMachine),
    },
    ratios: {
      ...rounded.ratios,
      relayAlone: round(parts.ours.relayPerSecond / parts.bare.relayPerSecond, 3),
      writerAlone: round(parts.ours.writerPerSecond / parts.bare.writerPerSecond, 3),
    },
  };
}

function generatorIsFull(runs: readonly LagRun[]): boolean {
  return bottleneckOf(runs, Number.POSITIVE_INFINITY) === 'generator';
}

function allOf(runs: readonly ChainRun[]): CpuUse {
  return addCpu(runs.map(({ cpu }) => cpu));
}

export function tablesOf(
  { main, slow, parts, lag }: Measured,
  curves: Readonly<Record<string, readonly Figures[]>>,
): Table[] {
  const runs = Object.entries({ 'all at once': main, 'slow disk': slow }).flatMap(([what, { ours, bare }]) =>
    ours
      .flatMap((run, at) => [bare[at] ?? run, run])
      .map((run) => ({ what, run: run.side, 'orders/s': round(run.ordersPerSecond), ...usOf(run.cpu, run.claims) })),
  );
  const { claims = 1 } = main.ours[0] ?? {};
  const alone = [parts.bare, parts.ours].flatMap((run) => [
    {
      part: 'outbox to Kafka',
      run: run.side,
      'a second': round(run.relayPerSecond),
      ...usOf({ ...run.relayCpu, ms: { orders: 0, ...run.relayCpu.ms } }, claims),
    },
    {
      part: 'Kafka to PostgreSQL',
      run: run.side,
      'a second': round(run.writerPerSecond),
      ...usOf({ ...run.writerCpu, ms: { relay: 0, ...run.writerCpu.ms } }, claims),
    },
  ]);
  const lags = lag.ours
    .flatMap((run, at) => [lag.bare[at] ?? run, run])
    .map((run) => ({
      ...{ run: run.side, 'claims/s': run.perSecond, orders: run.orders, 'p50 ms': round(lagAt(50)(run), 1) },
      ...{
        'p99 ms': round(lagAt(99)(run), 1),
        'p99.9 ms': round(lagAt(99.9)(run), 1),
        'max ms': round(lagMax(run), 1),
      },
      'generator cores': round(coresOf(run.cpu, 'generator'), 2),
      'generator latest ms': round(run.generatorLatestMs, 1),
    }));
  return [
    tableOf('Runs, in this order; CPU time of each process for one order', runs),
    tableOf('The parts alone', alone),
    tableOf('Dearest statements of our writer, by the count of the server', parts.ours.statements.slice(0, SHOWN)),
    tableOf('From a claim to its order', lags),
    ...Object.entries(curves).map(([name, points]) => tableOf(`Curve: ${name}`, points)),
  ];
}

export function notesOf({ main, lag, fsyncMs }: Measured, cloudFsyncMs: number): string[] {
  const claims = main.ours[0]?.claims ?? 0;
  return [
    `${claims} claims wait in the outboxes of four regions on one Redis, made by reservation-core in full batches. The writer has joined its group when the relay starts. The clock runs from the first entry that the relay takes to the commit of the last order, by PostgreSQL's own note of it (track_commit_timestamp).`,
    'bare: two processes as well; one sends the words of each claim as they are and takes the entry out, the other inserts into three tables with a primary key each. No event, no schema, no check, no months, no history, no event of its own, no other index. The same servers, the same durability.',
    'Lag: an open loop at half of the rate. A claim counts from when it was due (its id has that time), also while the generator was late for it (coordinated omission), to the commit of its order by PostgreSQL, plus one fsync, since the time is noted just before the flush. A four second warm-up, half of it a ramp, does not count.',
    `An fsync took ${fsyncMs} ms here; the figures at ${cloudFsyncMs} ms are measured with Redis (DEBUG AOF-FLUSH-SLEEP) and PostgreSQL (commit_delay) made to wait the difference before each flush. Kafka flushes in its own time, as it does with its defaults.`,
    'Redis, Kafka, PostgreSQL and both processes share the cores of this machine. In the runs all at once nothing is generated meanwhile; generatorCores are of the open loop.',
    ...(generatorIsFull(lag.ours)
      ? ['The generator was the bottleneck of the open loop: the lag may be shorter than this says.']
      : []),
  ];
}
