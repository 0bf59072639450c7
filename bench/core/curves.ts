/** How the core's speed and its cost for a claim change along one dimension: a hidden slope would show here. */
import { LIMITS } from '../../contracts/limits.ts';
import type { Audit } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import type { BenchContext } from '../scenario.ts';
import { addTold, NOTHING_TOLD } from './load.ts';
import { examine, GENERATORS, type Measured, measure, runSettings } from './measurements.ts';
import { type RunResult, runLoad, startGenerators } from './run.ts';
import { PLENTY } from './sale-data.ts';
import { openStage } from './stage.ts';
import { measureStocks } from './stock-curve.ts';

export interface Curves {
  readonly curves: Readonly<Record<'stock' | 'shoppers' | 'regions' | 'shards' | 'batch', readonly Figures[]>>;
  readonly audits: readonly Audit[];
}

/** On one Redis: what more regions cost, not what more machines bring. */
const REGIONS = [1, 10, 100];
/** Regions with a Redis each. */
const SHARDS = [1, 2, 4];
const BATCHES = [1, 16, LIMITS.claimBatch, 2 * LIMITS.claimBatch];
/** Shoppers who have claimed already: holds, answers, entries of shoppers and in the outbox, and as many units gone. */
const SHOPPERS = [10_000, 100_000, 1_000_000, 1_500_000];
const LONG_ENOUGH_SECONDS = 600;

export async function measureCurves(context: BenchContext, seconds: number): Promise<Curves> {
  const audits: Audit[] = [];
  const kept = (measured: Measured): Measured => {
    audits.push(measured.audit);
    return measured;
  };
  const regions: Figures[] = [];
  for (const count of REGIONS) {
    context.progress(`curve: ${count} regions on one Redis`);
    const run = kept(await measure(context, { driver: 'ours', seconds, regions: count, redisProcesses: 1 }));
    regions.push({ regions: count, ...speedOf(run), ...costOf(run) });
  }
  const shards: Figures[] = [];
  for (const count of SHARDS) {
    context.progress(`curve: ${count} regions, each on a Redis of its own`);
    const run = kept(await measure(context, { driver: 'ours', seconds, regions: count }));
    shards.push({ shards: count, ...speedOf(run), ...costOf(run), 'Redis cores': round(run.redis, 2) });
  }
  const batch: Figures[] = [];
  for (const size of BATCHES) {
    context.progress(`curve: batches of ${size}`);
    const bare = kept(await measure(context, { driver: 'bare', seconds, batch: size }));
    const ours = kept(await measure(context, { driver: 'ours', seconds, batch: size }));
    const ratio = round(ours.claimsPerSecond / bare.claimsPerSecond, 2);
    batch.push({
      batch: size,
      ...speedOf(ours),
      'mean call ms': round(ours.meanCallMs, 2),
      'bare claims/s': round(bare.claimsPerSecond),
      ratio,
    });
  }
  const shoppers = await measureShoppers(context, seconds, audits);
  const stock = await measureStocks(context, seconds, audits);
  return { curves: { stock, shoppers, regions, shards, batch }, audits };
}

/** One Redis that fills up: each measurement begins with what all before it have left there. */
async function measureShoppers(context: BenchContext, seconds: number, audits: Audit[]): Promise<Figures[]> {
  const stage = await openStage({ folder: context.folder, regions: 1, unitsPerRegion: PLENTY, driver: 'ours' });
  const generators = startGenerators(GENERATORS, context.signal);
  const points: Figures[] = [];
  let told = NOTHING_TOLD;
  try {
    for (const count of SHOPPERS) {
      context.progress(`curve: ${count.toLocaleString('en-US')} shoppers have claimed already`);
      const filling = runSettings(context, 'ours', LONG_ENOUGH_SECONDS);
      const missing = Math.max(0, count - told.won);
      if (missing > 0)
        told = addTold(told, (await runLoad(stage, { ...filling, mostClaims: missing }, generators)).told);
      const there = told.won;
      const run = await runLoad(stage, runSettings(context, 'ours', seconds), generators);
      told = addTold(told, run.told);
      points.push({ shoppers: there, ...speedOf(run), ...costOf(run) });
    }
    audits.push((await examine(stage, 'ours', PLENTY, { told })).audit);
    return points;
  } finally {
    await generators.end();
    await stage.close();
  }
}

function speedOf(run: Pick<RunResult, 'claimsPerSecond' | 'p50Ms' | 'p99Ms'>): Figures {
  return { 'claims/s': round(run.claimsPerSecond), 'p50 ms': round(run.p50Ms, 1), 'p99 ms': round(run.p99Ms, 1) };
}

function costOf(run: Pick<RunResult, 'claimsPerSecond' | 'redis'>): Figures {
  return { 'Redis us/claim': round((run.redis / run.claimsPerSecond) * 1e6, 1) };
}
