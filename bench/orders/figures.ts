/** The figures of a report, from the runs. */
import type { Figures } from '../report/figures.ts';
import { median, round, spread } from '../report/statistics.ts';
import { type Table, tableOf } from '../report/table.ts';
import { bottleneckOf } from './bottleneck.ts';
import type { LagRun } from './lag-run.ts';
import type { PartsRun } from './parts-run.ts';
import type { ChainRun } from './run.ts';
import { type CpuUse, PROCESSES } from './watch.ts';

export interface Both<T> {
  readonly ours: T;
  readonly bare: T;
}

export interface Measured {
  readonly main: Both<readonly ChainRun[]>;
  readonly slow: Both<readonly ChainRun[]>;
  readonly parts: Both<PartsRun>;
  readonly lag: Both<LagRun>;
  readonly fsyncMs: number;
}

const US_PER_MS = 1_000;
const US_PER_SECOND = 1_000_000;
const speed = (run: ChainRun): number => run.ordersPerSecond;
const cpuUs = ({ cpu, claims }: ChainRun): number =>
  PROCESSES.reduce((sum, name) => sum + ((cpu.ms[name] ?? 0) * US_PER_MS) / claims, 0);

function middle(runs: readonly ChainRun[], figure: (run: ChainRun) => number, digits = 0): number {
  return round(median(runs.map(figure)), digits);
}

/** Each run against the one just before it: what disturbs the machine for a while disturbs both. */
function ratio({ ours, bare }: Both<readonly ChainRun[]>, figure: (run: ChainRun) => number): number {
  return round(median(ours.map((run, at) => figure(run) / figure(bare[at] ?? run))), 3);
}

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

export function metricsOf({ main, slow, parts, lag, fsyncMs }: Measured, coresOfMachine: number): Figures {
  const { ours } = lag;
  return {
    ordersPerSecond: middle(main.ours, speed),
    ordersSpread: round(spread(main.ours.map(speed)), 2),
    lagP50MsAtHalf: round(ours.p50Ms, 1),
    lagP99MsAtHalf: round(ours.p99Ms, 1),
    lagP999MsAtHalf: round(ours.p999Ms, 1),
    lagMaxMsAtHalf: round(ours.maxMs, 1),
    ordersPerSecondAt2MsFsync: middle(slow.ours, speed),
    cpuUsPerOrder: middle(main.ours, cpuUs, 1),
    relayAlonePerSecond: round(parts.ours.relayPerSecond),
    writerAlonePerSecond: round(parts.ours.writerPerSecond),
    postgresSessionPerSecond: sessionPerSecond(parts.ours),
    bottleneck: bottleneckOf(main.ours, coresOfMachine),
    fsyncMs,
  };
}

export function limitsOf({ main, slow, parts, lag }: Measured): Figures {
  return {
    bareOrdersPerSecond: middle(main.bare, speed),
    bareSpread: round(spread(main.bare.map(speed)), 2),
    bareLagP50MsAtHalf: round(lag.bare.p50Ms, 1),
    bareLagP99MsAtHalf: round(lag.bare.p99Ms, 1),
    bareLagMaxMsAtHalf: round(lag.bare.maxMs, 1),
    bareOrdersPerSecondAt2MsFsync: middle(slow.bare, speed),
    bareCpuUsPerOrder: middle(main.bare, cpuUs, 1),
    bareRelayAlonePerSecond: round(parts.bare.relayPerSecond),
    bareWriterAlonePerSecond: round(parts.bare.writerPerSecond),
    barePostgresSessionPerSecond: sessionPerSecond(parts.bare),
  };
}

export function ratiosOf({ main, slow, parts }: Measured): Figures {
  return {
    orders: ratio(main, speed),
    /** Of the CPU time of all processes: what other programs on the machine disturb least. */
    cpu: round(1 / ratio(main, cpuUs), 3),
    ordersAt2MsFsync: ratio(slow, speed),
    relayAlone: round(parts.ours.relayPerSecond / parts.bare.relayPerSecond, 3),
    writerAlone: round(parts.ours.writerPerSecond / parts.bare.writerPerSecond, 3),
  };
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
  const lags = [lag.bare, lag.ours].map((run) => ({
    ...{ run: run.side, 'claims/s': run.perSecond, orders: run.orders },
    ...{ 'p50 ms': round(run.p50Ms, 1), 'p99 ms': round(run.p99Ms, 1), 'p99.9 ms': round(run.p999Ms, 1) },
    ...{ 'max ms': round(run.maxMs, 1), 'generator latest ms': round(run.generatorLatestMs, 1) },
  }));
  return [
    tableOf('Runs, in this order; CPU time of each process for one order', runs),
    tableOf('The parts alone', alone),
    tableOf('Statements of our writer, by the count of the server', parts.ours.statements),
    tableOf('From a claim to its order', lags),
    ...Object.entries(curves).map(([name, points]) => tableOf(`Curve: ${name}`, points)),
  ];
}

export function notesOf({ main, fsyncMs }: Measured, cloudFsyncMs: number): string[] {
  const claims = main.ours[0]?.claims ?? 0;
  return [
    `${claims} claims wait in the outboxes of four regions on one Redis, made by reservation-core in full batches. The writer has joined its group when the relay starts. The clock runs from the first entry that the relay takes to the commit of the last order, by PostgreSQL's own note of it (track_commit_timestamp).`,
    'bare: two processes as well; one sends the words of each claim as they are and takes the entry out, the other inserts into three tables with a primary key each. No event, no schema, no check, no months, no history, no event of its own, no other index. The same servers, the same durability.',
    'Lag: an open loop at half of the rate. A claim counts from when it was due (its id has that time), also while the generator was late for it (coordinated omission), to the commit of its order by PostgreSQL, plus one fsync, since the time is noted just before the flush. A four second warm-up, half of it a ramp, does not count.',
    `An fsync took ${fsyncMs} ms here; the figures at ${cloudFsyncMs} ms are measured with Redis (DEBUG AOF-FLUSH-SLEEP) and PostgreSQL (commit_delay) made to wait the difference before each flush. Kafka flushes in its own time, as it does with its defaults.`,
    'Redis, Kafka, PostgreSQL and both processes share the cores of this machine.',
  ];
}
