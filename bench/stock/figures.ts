/** The figures of a report, from the rounds of each scheme. */
import { decodeHistograms } from '../crew/histograms.ts';
import { eachRatio, inRounds, type Rounded } from '../in-rounds.ts';
import { addCpu, bottleneckOf, type CpuUse, coresOf } from '../machine/cpu-use.ts';
import type { Chart, Line } from '../report/chart.ts';
import type { Figures } from '../report/figures.ts';
import { latencyLine } from '../report/latency-line.ts';
import { median, round } from '../report/statistics.ts';
import { type Asked, SLOT_MS } from './generator/notes.ts';
import { type Measured, usEach } from './measure.ts';
import { OURS } from './schemes/all.ts';
import { BARE } from './schemes/locks.ts';
import type { Scheme } from './schemes/scheme.ts';
import { UPDATE } from './schemes/update.ts';

const US_PER_MS = 1_000;
const SLOTS_PER_SECOND = 1_000 / SLOT_MS;
const speed = ({ driven }: { readonly driven: Asked }): number => driven.perSecond;

export function figuresOf(measured: readonly Measured[], fsyncMs: number, coresOfMachine: number): Rounded {
  const [ours, plain, bare] = [OURS, UPDATE, BARE].map((scheme) => runsOf(measured, scheme));
  if (ours === undefined || plain === undefined || bare === undefined) throw new Error('Nothing was measured.');
  const rounded = inRounds({
    'metrics.reservationsPerSecond': { values: ours.map(speed) },
    'metrics.reservationP50Ms': { values: ours.map(({ driven }) => driven.p50Ms), digits: 1 },
    'metrics.reservationP99Ms': { values: ours.map(({ driven }) => driven.p99Ms), digits: 1 },
    'metrics.conditionalUpdatePerSecond': { values: plain.map(speed) },
    'metrics.postgresUsPerReservation': { values: ours.map((run) => usEach(run, 'postgres')), digits: 1 },
    'limits.bareReservationsPerSecond': { values: bare.map(speed) },
    'limits.bareP99Ms': { values: bare.map(({ driven }) => driven.p99Ms), digits: 1 },
    'limits.barePostgresUsPerReservation': { values: bare.map((run) => usEach(run, 'postgres')), digits: 1 },
    'ratios.reservations': { values: eachRatio(ours, bare, speed), digits: 3 },
    'ratios.toConditionalUpdate': { values: eachRatio(ours, plain, speed), digits: 3 },
  });
  const cpu = cpuOf(ours);
  return {
    ...rounded,
    metrics: {
      ...rounded.metrics,
      generatorCores: round(coresOf(cpu, 'generator'), 2),
      postgresCores: round(coresOf(cpu, 'postgres'), 2),
      bottleneck: bottleneckOf(cpu, ['generator'], coresOfMachine),
      fsyncMs,
    },
    limits: { ...rounded.limits, bareBottleneck: bottleneckOf(cpuOf(bare), ['generator'], coresOfMachine) },
  };
}

function runsOf(measured: readonly Measured[], scheme: Scheme): Measured['runs'] {
  return measured.find((one) => one.scheme === scheme)?.runs ?? [];
}

function cpuOf(runs: Measured['runs']): CpuUse {
  return addCpu(runs.map((run) => run.cpu));
}

export function rowOf({ scheme, runs, scarce }: Measured): Figures {
  const at = (figure: (run: Asked) => number, digits = 0): number =>
    round(median(runs.map(({ driven }) => figure(driven))), digits);
  return {
    scheme: scheme.name,
    'reservations/s': at(({ perSecond }) => perSecond),
    'p50 ms': at(({ p50Ms }) => p50Ms, 1),
    'p99 ms': at(({ p99Ms }) => p99Ms, 1),
    'postgres us': round(median(runs.map((run) => usEach(run, 'postgres')))),
    'generator us': round(median(runs.map((run) => usEach(run, 'generator')))),
    'generator cores': round(coresOf(cpuOf(runs), 'generator'), 2),
    oversold: scarce.length === 0 ? null : scarce.reduce((sum, { oversold }) => sum + oversold, 0),
    'unsold though asked for': scarce.length === 0 ? null : Math.max(...scarce.map(({ unsold }) => unsold)),
  };
}

export function chartsOf(
  measured: readonly Measured[],
  curves: Readonly<Record<string, readonly Figures[]>>,
): readonly Chart[] {
  const shown = [OURS, UPDATE, BARE];
  const latency = (scheme: Scheme): Line =>
    latencyLine(
      scheme.name,
      decodeHistograms(runsOf(measured, scheme).map(({ driven }) => driven.histogram)),
      US_PER_MS,
    );
  return [
    { kind: 'latency', title: 'A reservation, at full speed', lines: shown.map(latency) },
    {
      kind: 'timeline',
      title: 'Reservations while there is plenty',
      unit: 'reservations/s',
      lines: shown.map((scheme) => overTime(scheme.name, runsOf(measured, scheme).at(-1)?.driven.wonBySlot ?? [])),
      marks: [],
    },
    ...Object.entries(curves).map(
      ([dimension, points]): Chart => ({
        ...{ kind: 'scaling', title: `Reservations a second by ${dimension}`, dimension, unit: 'reservations/s' },
        lines: ['batches/s', 'update/s'].map((name) => ({
          name: name === 'batches/s' ? OURS.name : UPDATE.name,
          points: points.map((point) => [Number(point[dimension]), Number(point[name])]),
        })),
      }),
    ),
  ];
}

/** The last slot is no whole one. */
function overTime(name: string, wonBySlot: readonly number[]): Line {
  return {
    name,
    points: wonBySlot.slice(0, -1).map((won, at) => [(at + 1) / SLOTS_PER_SECOND, won * SLOTS_PER_SECOND]),
  };
}
