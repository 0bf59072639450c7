/** limits: what this machine does with nothing of ours around. Each part is what one scenario is measured against. */
import { availableParallelism } from 'node:os';
import { joinHistograms } from '../crew/histograms.ts';
import { inRounds, type Rounded } from '../in-rounds.ts';
import { bottleneckOf, coresOf, isDisturbed } from '../machine/cpu-use.ts';
import { measureFsyncMs } from '../machine/fsync-time.ts';
import { startBenchKafka } from '../machine/kafka-server.ts';
import { startBenchPostgres } from '../machine/postgres-server.ts';
import { joinAudits } from '../report/audit.ts';
import type { Chart } from '../report/chart.ts';
import type { Figures } from '../report/figures.ts';
import { latencyLine } from '../report/latency-line.ts';
import { median, round, spread } from '../report/statistics.ts';
import { tableOf } from '../report/table.ts';
import type { BenchContext, Findings, Scenario } from '../scenario.ts';
import { measureCrowd, socketsOf, waitingFigures } from './crowd.ts';
import { echo } from './echo.ts';
import { route } from './fastify.ts';
import { produceAndConsume } from './kafka.ts';
import { bytes, roundTrips } from './loopback.ts';
import type { Part, PartRun } from './part.ts';
import { inserts, versionOf } from './postgres.ts';
import { claims, claimsOnSlowDisk, decisions } from './sale.ts';

/** There are many parts: each is measured for no longer than this in a round. */
const MOST_SECONDS = { whole: 1.5, quick: 0.7 } as const;
const US_PER_MS = 1_000;

interface Measured {
  readonly part: Part;
  readonly runs: readonly PartRun[];
}

export const limits: Scenario = {
  name: 'limits',
  about: 'the bare parts: disk, Redis, WebSocket, Kafka, PostgreSQL, Fastify, loopback, with nothing of ours around',
  async run(context) {
    context.progress('fsync time of this disk, Kafka and PostgreSQL starting');
    const { folder, signal } = context;
    const fsyncMs = await measureFsyncMs(folder);
    const kafka = await startBenchKafka(folder, signal);
    try {
      const postgres = await startBenchPostgres(folder, {}, signal);
      try {
        const parts = [
          ...[fsync(folder), roundTrips(signal), bytes(signal), echo(signal), route(signal)],
          ...[claims(context), claimsOnSlowDisk(context, fsyncMs), decisions(context, false), decisions(context, true)],
          ...[...produceAndConsume(kafka, signal), ...inserts(postgres, fsyncMs, signal)],
        ];
        const findings = await measureAll(context, parts);
        const versions = { postgres: await versionOf(postgres), kafka: 'with the JVM settings of npm start' };
        return { ...findings, servers: { ...findings.servers, ...versions } };
      } finally {
        await postgres.stop();
      }
    } finally {
      await kafka.stop();
    }
  },
};

function fsync(folder: string): Part {
  return {
    name: 'fsync of 64 KiB',
    digits: { fsyncMs: 3 },
    run: async () => ({ figures: { fsyncMs: await measureFsyncMs(folder) }, cpu: undefined }),
  };
}

/** All parts in turn, round by round: what disturbs the machine for a while does not fall on one part alone. */
async function measureAll(context: BenchContext, parts: readonly Part[]): Promise<Findings> {
  const { rounds, signal, quick } = context;
  const seconds = Math.min(context.seconds, MOST_SECONDS[quick ? 'quick' : 'whole']);
  const measured = parts.map((part): { part: Part; runs: PartRun[] } => ({ part, runs: [] }));
  for (let at = 1; at <= rounds; at += 1) {
    for (const { part, runs } of measured) {
      signal.throwIfAborted();
      context.progress(`${part.name}, round ${at} of ${rounds}`);
      runs.push(await part.run(seconds));
    }
  }
  const crowd = await measureCrowd(context);
  const { limits: figures, samples } = figuresOf(measured);
  const runs = measured.flatMap((one) => one.runs);
  const audits = runs.flatMap(({ audit }) => audit ?? []);
  const speeds = runs.flatMap((run) => run.figures['bareClaimsPerSecond'] ?? []);
  return {
    settings: { secondsOfAPart: seconds, waiting: socketsOf(context), appendfsync: 'always' },
    metrics: {},
    limits: { ...figures, bareSpread: round(spread(speeds), 2), ...waitingFigures(crowd) },
    ratios: {},
    curves: {},
    samples,
    charts: [latencyChart(measured)],
    audit: joinAudits([...audits, crowd.audit]),
    servers: { redis: runs.flatMap(({ redisVersion }) => redisVersion ?? [])[0] ?? 'unknown' },
    tables: [tableOf('Parts, the median of all rounds', measured.map(rowOf))],
    notes: notesOf(measured),
  };
}

function figuresOf(measured: readonly Measured[]): Rounded {
  const named = measured.flatMap(({ part, runs }) =>
    Object.keys(runs[0]?.figures ?? {}).map((name) => {
      const values = runs.flatMap((run) => run.figures[name] ?? []);
      return [`limits.${name}`, { values, digits: part.digits?.[name] ?? 0 }] as const;
    }),
  );
  return inRounds(Object.fromEntries(named));
}

function latencyChart(measured: readonly Measured[]): Chart {
  const lines = measured.flatMap(({ part, runs }) => {
    const all = joinHistograms(runs.flatMap(({ latencies }) => latencies ?? []));
    return all.totalCount > 0 ? [latencyLine(part.name, all, US_PER_MS)] : [];
  });
  return { kind: 'latency', title: 'How long each bare part takes, all rounds', lines };
}

function rowOf({ part, runs }: Measured): Figures {
  const cpu = runs.flatMap((run) => run.cpu ?? []);
  const cores = (name: string): number | null =>
    cpu.length === 0 ? null : round(median(cpu.map((use) => coresOf(use, name))), 2);
  const [figure = '', of] = Object.entries(runs[0]?.figures ?? {})[0] ?? [];
  const values = runs.flatMap((run) => run.figures[figure] ?? []);
  const last = cpu.at(-1);
  return {
    part: part.name,
    figure,
    median: of === undefined ? null : round(median(values), part.digits?.[figure] ?? 0),
    spread: round(spread(values), 2),
    'generator cores': cores('generator'),
    'server cores': cores('server'),
    'was full': last === undefined ? null : bottleneckOf(last, ['generator', 'server'], availableParallelism()),
  };
}

function notesOf(measured: readonly Measured[]): string[] {
  const all = measured.flatMap(({ runs }) => runs.flatMap(({ cpu }) => cpu ?? []));
  const disturbed = all.filter((cpu) => isDisturbed(cpu, availableParallelism())).length;
  return [
    'Generators and servers share the cores of this machine, as they do where the product is measured. A part whose generator was full can do more than this says.',
    'Echo: a frame of the size of a claim, there and back, 1,000 sockets that wait for each answer. Kafka: records of the size of a claim, 2,048 a request, four producers, 8 partitions. PostgreSQL: order, item and payment by one unnest statement a thousand orders, primary keys and no other index. Fastify: 2 KB a page, 64 connections.',
    'At 2 ms: Redis (DEBUG AOF-FLUSH-SLEEP) and PostgreSQL (commit_delay) wait before each flush until an fsync takes that long.',
    ...(disturbed > 0
      ? [`Other programs were using the machine in ${disturbed} of ${all.length} runs: the figures are too low.`]
      : []),
  ];
}
