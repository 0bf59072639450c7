/** core: durable claims per second through the product's own claim, against the least that could be called a sale. */
import { LIMITS } from '../../contracts/limits.ts';
import { CLOUD_FSYNC_MS, measureFsyncMs, slowerDiskUs } from '../machine/fsync-time.ts';
import { joinAudits } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import { median, round, spread } from '../report/statistics.ts';
import { type Table, tableOf } from '../report/table.ts';
import type { BenchContext, Findings, Scenario } from '../scenario.ts';
import { chartsOf } from './charts.ts';
import { type Curves, measureCurves } from './curves.ts';
import { bottleneckIn, factsOf, figuresInRounds, type Parts, redisUs, speed } from './figures.ts';
import { GENERATORS, type Measured, measure, measureInTurn, runSettings, shoppersFor } from './measurements.ts';
import { measureMemory } from './memory.ts';
import { SLOW_MS } from './slow-calls.ts';

/** One point of a curve, or one of the shorter looks, takes this share of a run, and not more than this long. */
const SHORT_SHARE = 0.4;
const SHORT_MOST_SECONDS = 2;
const HALF = 0.5;
const HALF_MOST_SECONDS = 3;
const UNITS_TO_SELL_OUT = 10_000;

export const core: Scenario = {
  name: 'core',
  about: 'durable claims per second: reservation-core and lua/stock/claim on a Redis that syncs every write',
  async run(context) {
    const short = Math.min(context.seconds * SHORT_SHARE, SHORT_MOST_SECONDS);
    context.progress('fsync time of this disk');
    const fsyncMs = await measureFsyncMs(context.folder);
    const parts = await measureParts(context, short, fsyncMs);
    context.progress('memory of a claim and of a place in the line');
    const memory = await measureMemory(context);
    const scaling = context.quick ? undefined : await measureCurves(context, short);

    const { full, half, slowDisk, soldOut } = parts;
    const runs = [full, half, slowDisk].flatMap(({ ours, bare }) => [...bare, ...ours]);
    const figured = figuresInRounds(parts);
    const { warmUpMs } = runSettings(context, 'ours', context.seconds);
    return {
      settings: settingsOf(parts),
      metrics: {
        ...figured.metrics,
        ...factsOf(full.ours),
        fsyncMs: round(fsyncMs, 3),
        ...memory.metrics,
      },
      limits: {
        ...figured.limits,
        bareSpread: round(spread(full.bare.map(speed)), 2),
        bareBottleneck: bottleneckIn(full.bare),
      },
      ratios: figured.ratios,
      curves: scaling?.curves ?? {},
      samples: figured.samples,
      charts: chartsOf(parts, warmUpMs, scaling),
      audit: joinAudits([...[...runs, soldOut].map(({ audit }) => audit), ...(scaling?.audits ?? [])]),
      servers: { redis: soldOut.redisVersion },
      tables: tablesOf(parts, memory.rows, scaling),
      notes: notesOf(context, full.ours, fsyncMs),
    } satisfies Findings;
  },
};

async function measureParts(context: BenchContext, short: number, fsyncMs: number): Promise<Parts> {
  const { rounds, seconds } = context;
  const full = await measureInTurn(context, rounds, { seconds }, 'claims');
  const perSecond = Math.floor(HALF * median(full.ours.map(speed)));
  const atHalf = { seconds: Math.min(seconds, HALF_MOST_SECONDS), perSecond };
  const half = await measureInTurn(context, rounds, atHalf, `at ${perSecond} claims/s`);
  const slow = { seconds: short, slowerDiskUs: slowerDiskUs(fsyncMs) };
  const slowDisk = await measureInTurn(context, 1, slow, `${CLOUD_FSYNC_MS} ms an fsync`);
  context.progress('claims once everything is sold');
  const soldOut = await measure(context, { driver: 'ours', seconds: short, unitsPerRegion: UNITS_TO_SELL_OUT });
  return { full, half, slowDisk, soldOut };
}

function settingsOf({ full }: Parts): Figures {
  return {
    generators: GENERATORS,
    shoppers: shoppersFor(LIMITS.claimBatch),
    claimBatch: LIMITS.claimBatch,
    batchesInFlight: LIMITS.batchesInFlight,
    claimsPerSecondAtHalf: Math.floor(HALF * median(full.ours.map(speed))),
    appendfsync: 'always',
    regions: 1,
  };
}

function tablesOf({ full, half }: Parts, memory: readonly Figures[], scaling: Curves | undefined): Table[] {
  const rowsOf = (part: string, { ours, bare }: Parts['full']): Figures[] =>
    ours.flatMap((run, at) => [bare[at] ?? run, run]).map((run) => ({ part, ...rowOf(run) }));
  const runs = [...rowsOf('full', full), ...rowsOf('half', half)];
  const curves = Object.entries(scaling?.curves ?? {}).map(([name, points]) => tableOf(`Curve: ${name}`, points));
  return [tableOf('Runs, in this order', runs), tableOf('Memory of Redis, in bytes', memory), ...curves];
}

function rowOf(run: Measured): Figures {
  return {
    run: run.driver,
    'claims/s': round(run.claimsPerSecond),
    'p50 ms': round(run.p50Ms, 2),
    'p99 ms': round(run.p99Ms, 2),
    'Redis cores': round(run.redis, 2),
    'waits for disk': round(run.redisUse.waitsForDisk, 2),
    'waits for a core': round(run.redisUse.waitsForCore, 2),
    'generator cores': round(run.generators, 2),
    'busiest generator': round(run.busiestGenerator, 2),
    // The bare open loop sends as it comes, and does not count.
    'calls under way': run.callsUnderWay > 0 ? round(run.callsUnderWay, 1) : null,
    'Redis us/claim': round(redisUs(run), 1),
    'mean call ms': round(run.meanCallMs, 2),
  };
}

function notesOf({ slowedMs = 0 }: BenchContext, ours: readonly Measured[], fsyncMs: number): string[] {
  const slow = ours.reduce((sum, run) => sum + run.slowCalls, 0);
  return [
    'bare: one Lua call a batch of the same size, as many under way; per claim one HINCRBY, one HSET, and the same words in an outbox entry of the batch. It does not check a drop, a limit or a key, and records no answer and no end of a hold.',
    `An fsync took ${round(fsyncMs, 3)} ms here; the figures at ${CLOUD_FSYNC_MS} ms are measured with Redis made to wait the difference before each flush (DEBUG AOF-FLUSH-SLEEP).`,
    `Slow log: ${slow === 0 ? 'empty' : `${slow} calls`} beyond ${SLOW_MS} ms by the clock. A call that was waiting for a core counts with its wait.`,
    'At full load a closed loop keeps the queue full: its latencies are what a full queue costs. At half an open loop: a claim counts its time from when it was due (coordinated omission).',
    `Redis, of its time at full load: computing, waiting for a core, and neither, which is waiting for its disk. ${GENERATORS * LIMITS.batchesInFlight} calls may be under way: as many are if the generators keep the queue full.`,
    ...(bottleneckIn(ours) === 'generator'
      ? ['A generator was the bottleneck: the core can do more than this says.']
      : []),
    ...(slowedMs > 0 ? [`Slowed on purpose: each call of the claim script is busy for ${slowedMs} ms first.`] : []),
  ];
}
