/** core: durable claims per second through the product's own claim, against the least that could be called a sale. */
import { LIMITS } from '../../contracts/limits.ts';
import { measureFsyncMs } from '../machine/fsync-time.ts';
import { joinAudits } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import { median, round, spread } from '../report/statistics.ts';
import { type Table, tableOf } from '../report/table.ts';
import type { BenchContext, Findings, Scenario } from '../scenario.ts';
import { bottleneckOf } from './bottleneck.ts';
import { type Curves, measureCurves } from './curves.ts';
import { GENERATORS, type Measured, measure, measureInTurn, shoppersFor } from './measurements.ts';
import { measureMemory } from './memory.ts';
import { SLOW_MS } from './slow-calls.ts';

const ROUNDS = { whole: 3, quick: 1 } as const;
const CLOUD_FSYNC_MS = 2;
const US_PER_MS = 1_000;
const US_PER_SECOND = 1_000_000;
/** One point of a curve, or one of the shorter looks, takes this share of a run, and not more than this long. */
const SHORT_SHARE = 0.4;
const SHORT_MOST_SECONDS = 2;
const UNITS_TO_SELL_OUT = 10_000;

export const core: Scenario = {
  name: 'core',
  about: 'durable claims per second: reservation-core and lua/stock/claim on a Redis that syncs every write',
  async run(context) {
    const short = Math.min(context.seconds * SHORT_SHARE, SHORT_MOST_SECONDS);
    context.progress('fsync time of this disk');
    const fsyncMs = await measureFsyncMs(context.folder);
    const main = await measureInTurn(context, roundsOf(context), { seconds: context.seconds }, 'claims');
    const slowerDiskUs = Math.max(0, Math.round((CLOUD_FSYNC_MS - fsyncMs) * US_PER_MS));
    const onSlowDisk = await measureInTurn(
      context,
      1,
      { seconds: short, slowerDiskUs },
      `${CLOUD_FSYNC_MS} ms an fsync`,
    );
    context.progress('claims once everything is sold');
    const soldOut = await measure(context, { driver: 'ours', seconds: short, unitsPerRegion: UNITS_TO_SELL_OUT });
    context.progress('memory of a claim and of a place in the line');
    const memory = await measureMemory(context);
    const scaling = context.quick ? undefined : await measureCurves(context, short);

    const runs = [...main.bare, ...main.ours, ...onSlowDisk.bare, ...onSlowDisk.ours, soldOut];
    return {
      settings: settingsOf(context),
      metrics: { ...metricsOf(main.ours, soldOut, onSlowDisk.ours), fsyncMs: round(fsyncMs, 3), ...memory.metrics },
      limits: limitsOf(main.bare, onSlowDisk.bare),
      ratios: ratiosOf(main, onSlowDisk),
      curves: scaling?.curves ?? {},
      samples: {},
      charts: [],
      audit: joinAudits([...runs.map(({ audit }) => audit), ...(scaling?.audits ?? [])]),
      servers: { redis: soldOut.redisVersion },
      tables: tablesOf(main, memory.rows, scaling),
      notes: notesOf(main.ours, fsyncMs),
    } satisfies Findings;
  },
};

const roundsOf = ({ quick }: Pick<BenchContext, 'quick'>) => (quick ? ROUNDS.quick : ROUNDS.whole);

type Both = { readonly ours: readonly Measured[]; readonly bare: readonly Measured[] };

const middle = (runs: readonly Measured[], figure: (run: Measured) => number, digits = 0): number =>
  round(median(runs.map(figure)), digits);
const speed = (run: Measured): number => run.claimsPerSecond;
const redisUs = (run: Measured): number => (run.redis / run.claimsPerSecond) * US_PER_SECOND;

function settingsOf({ seconds, quick, doctored }: BenchContext): Figures {
  return {
    seconds,
    rounds: roundsOf({ quick }),
    quick,
    doctored,
    generators: GENERATORS,
    shoppers: shoppersFor(LIMITS.claimBatch) * GENERATORS,
    claimBatch: LIMITS.claimBatch,
    batchesInFlight: LIMITS.batchesInFlight,
    appendfsync: 'always',
    regions: 1,
  };
}

function metricsOf(ours: readonly Measured[], soldOut: Measured, slowDisk: readonly Measured[]): Figures {
  return {
    claimsPerSecond: middle(ours, speed),
    spread: round(spread(ours.map(speed)), 2),
    p50Ms: middle(ours, (run) => run.p50Ms, 2),
    p99Ms: middle(ours, (run) => run.p99Ms, 2),
    soldOutPerSecond: round(soldOut.claimsPerSecond),
    claimsPerSecondAt2MsFsync: middle(slowDisk, speed),
    redisCpu: middle(ours, (run) => run.redis, 2),
    generatorCpu: middle(ours, (run) => run.generators, 2),
    redisUsPerClaim: middle(ours, redisUs, 2),
    bottleneck: bottleneck(ours),
    meanCallMs: middle(ours, (run) => run.meanCallMs, 2),
    longestCallMs: round(Math.max(...ours.map((run) => run.longestCallMs)), 2),
    longestCall: 'lua/stock/claim',
    slowCalls: ours.reduce((sum, run) => sum + run.slowCalls, 0),
    failedCalls: ours.reduce((sum, run) => sum + run.failedCalls, 0),
  };
}

function limitsOf(bare: readonly Measured[], slowDisk: readonly Measured[]): Figures {
  return {
    bareClaimsPerSecond: middle(bare, speed),
    bareSpread: round(spread(bare.map(speed)), 2),
    bareP99Ms: middle(bare, (run) => run.p99Ms, 2),
    bareRedisUsPerClaim: middle(bare, redisUs, 2),
    bareBottleneck: bottleneck(bare),
    bareClaimsPerSecondAt2MsFsync: middle(slowDisk, speed),
  };
}

function ratiosOf(main: Both, slowDisk: Both): Figures {
  return {
    claims: medianRatio(main, speed),
    /** Of the CPU time of Redis: what other programs on the machine disturb least. */
    redisCpu: round(1 / medianRatio(main, redisUs), 3),
    claimsAt2MsFsync: medianRatio(slowDisk, speed),
  };
}

/** Each run against the one just before it: what disturbs the machine for a while disturbs both. */
function medianRatio({ ours, bare }: Both, figure: (run: Measured) => number): number {
  return round(median(ours.map((run, at) => figure(run) / figure(bare[at] ?? run))), 3);
}

function bottleneck(runs: readonly Measured[]): string {
  return bottleneckOf({
    busiestGenerator: middle(runs, (run) => run.busiestGenerator, 2),
    redis: middle(runs, (run) => run.redis, 2),
    redisProcesses: 1,
  });
}

function tablesOf(main: Both, memory: readonly Figures[], scaling: Curves | undefined): Table[] {
  const runs = main.ours
    .flatMap((ours, at) => [main.bare[at] ?? ours, ours])
    .map((run) => ({
      run: run.driver,
      'claims/s': round(run.claimsPerSecond),
      'p50 ms': round(run.p50Ms, 2),
      'p99 ms': round(run.p99Ms, 2),
      'Redis cores': round(run.redis, 2),
      'generator cores': round(run.generators, 2),
      'Redis us/claim': round(redisUs(run), 1),
      'mean call ms': round(run.meanCallMs, 2),
    }));
  const curves = Object.entries(scaling?.curves ?? {}).map(([name, points]) => tableOf(`Curve: ${name}`, points));
  return [tableOf('Runs, in this order', runs), tableOf('Memory of Redis, in bytes', memory), ...curves];
}

function notesOf(ours: readonly Measured[], fsyncMs: number): string[] {
  const slow = ours.reduce((sum, run) => sum + run.slowCalls, 0);
  return [
    'bare: one Lua call a batch of the same size, as many under way; per claim one HINCRBY, one HSET, one XADD of the same event. It does not check a drop, a limit or a key, and records no answer and no end of a hold.',
    `An fsync took ${round(fsyncMs, 3)} ms here; the figures at ${CLOUD_FSYNC_MS} ms are measured with Redis made to wait the difference before each flush (DEBUG AOF-FLUSH-SLEEP).`,
    `Slow log: ${slow === 0 ? 'empty' : `${slow} calls`} beyond ${SLOW_MS} ms by the clock. A call that was waiting for a core counts with its wait.`,
    'Latencies are of a closed loop that keeps the core full: they are what a full queue costs, not what a shopper sees at half of it.',
  ];
}
