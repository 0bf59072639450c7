/** How the speed of the core changes along one dimension: a hidden slope would show here. */
import { LIMITS } from '../../contracts/limits.ts';
import type { Audit } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import type { BenchContext } from '../scenario.ts';
import { addTold, NOTHING_TOLD } from './load.ts';
import { examine, type Measured, measure, PLENTY, runSettings } from './measurements.ts';
import { runLoad } from './run.ts';
import { openStage } from './stage.ts';

export interface Curves {
  readonly curves: Readonly<Record<'regions' | 'batch' | 'depth', readonly Figures[]>>;
  readonly audits: readonly Audit[];
}

const REGIONS = [1, 2, 4];
const BATCHES = [1, 16, LIMITS.claimBatch, 2 * LIMITS.claimBatch];
/** Claims that are there already: holds, answers, shoppers and outbox entries, and as many units gone. */
const DEPTHS = [10_000, 100_000, 1_000_000, 1_500_000];
const LONG_ENOUGH_SECONDS = 600;

export async function measureCurves(context: BenchContext, seconds: number): Promise<Curves> {
  const audits: Audit[] = [];
  const kept = (measured: Measured): Measured => {
    audits.push(measured.audit);
    return measured;
  };
  const regions: Figures[] = [];
  for (const count of REGIONS) {
    context.progress(`curve: ${count} regions, each on a Redis of its own`);
    const run = kept(await measure(context, { driver: 'ours', seconds, regions: count }));
    regions.push({ regions: count, ...speedOf(run), 'Redis cores': round(run.redis, 2) });
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
  const depth = await measureDepths(context, seconds, audits);
  return { curves: { regions, batch, depth }, audits };
}

/** One Redis that fills up: each measurement begins with what all before it have left there. */
async function measureDepths(context: BenchContext, seconds: number, audits: Audit[]): Promise<Figures[]> {
  const stage = await openStage({ folder: context.folder, regions: 1, unitsPerRegion: PLENTY, driver: 'ours' });
  const points: Figures[] = [];
  let told = NOTHING_TOLD;
  try {
    for (const depth of DEPTHS) {
      context.progress(`curve: ${depth.toLocaleString('en-US')} claims there already`);
      const filling = runSettings(context, 'ours', LONG_ENOUGH_SECONDS);
      const missing = Math.max(0, depth - told.won);
      if (missing > 0)
        told = addTold(told, (await runLoad(stage, { ...filling, mostClaims: missing }, context.signal)).told);
      const there = told.won;
      const run = await runLoad(stage, runSettings(context, 'ours', seconds), context.signal);
      told = addTold(told, run.told);
      points.push({
        'claims there': there,
        ...speedOf(run),
        'Redis us/claim': round((run.redis / run.claimsPerSecond) * 1e6, 1),
      });
    }
    audits.push((await examine(stage, 'ours', PLENTY, { told })).audit);
    return points;
  } finally {
    await stage.close();
  }
}

function speedOf(run: { readonly claimsPerSecond: number; readonly p50Ms: number; readonly p99Ms: number }): Figures {
  return { 'claims/s': round(run.claimsPerSecond), 'p50 ms': round(run.p50Ms, 1), 'p99 ms': round(run.p99Ms, 1) };
}
