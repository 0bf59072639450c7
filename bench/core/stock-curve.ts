/** Drops of different size, each sold as far as the time reaches: what is left must not change what a claim costs. */
import type { Audit } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import type { BenchContext } from '../scenario.ts';
import { examine, GENERATORS, runSettings } from './measurements.ts';
import { noteOf, type RedisNote } from './redis-watch.ts';
import { type Generators, type RunResult, runLoad, startGenerators } from './run.ts';
import { openStage } from './stage.ts';

const UNITS = [10_000, 100_000, 1_000_000];
const WARM_UP_UNITS = 50_000;

interface Sold {
  readonly run: RunResult;
  /** For one claim, refused ones included. */
  readonly redisUs: number;
  readonly audit: Audit;
}

export async function measureStocks(context: BenchContext, seconds: number, audits: Audit[]): Promise<Figures[]> {
  // The smallest drop is gone in a blink: its generators must be warm before.
  const generators = startGenerators(GENERATORS, context.signal);
  const points: Figures[] = [];
  try {
    audits.push((await sell(context, WARM_UP_UNITS, seconds, generators)).audit);
    for (const units of UNITS) {
      context.progress(`curve: ${units.toLocaleString('en-US')} units`);
      const { run, redisUs, audit } = await sell(context, units, seconds, generators);
      audits.push(audit);
      points.push({
        units,
        sold: run.told.won,
        'claims/s': round(run.claimsPerSecond),
        'Redis us/claim': round(redisUs, 1),
      });
    }
    return points;
  } finally {
    await generators.end();
  }
}

async function sell(context: BenchContext, units: number, seconds: number, generators: Generators): Promise<Sold> {
  const stage = await openStage({ folder: context.folder, regions: 1, unitsPerRegion: units, driver: 'ours' });
  try {
    const from = await noteOf(stage.redisPids);
    const settings = { ...runSettings(context, 'ours', seconds), warmUpMs: 0, mostClaims: units };
    const run = await runLoad(stage, settings, generators);
    const redisUs = usOf(from, await noteOf(stage.redisPids)) / answersOf(run);
    return { run, redisUs, audit: (await examine(stage, 'ours', units, run)).audit };
  } finally {
    await stage.close();
  }
}

function usOf(from: RedisNote, to: RedisNote): number {
  return (to.threadMs - from.threadMs) * 1_000;
}

function answersOf({ told }: RunResult): number {
  return Object.values(told.refused).reduce((sum, count) => sum + count, told.won);
}
