/** Whole measured runs: a fresh stage, the load, the audit. */
import { LIMITS } from '../../contracts/limits.ts';
import type { Audit } from '../report/audit.ts';
import { median } from '../report/statistics.ts';
import type { BenchContext } from '../scenario.ts';
import { auditSale } from './audit.ts';
import { findSale } from './find-sale.ts';
import type { Driver } from './load.ts';
import { type RunResult, type RunSettings, runLoad } from './run.ts';
import { slowCallsOf } from './slow-calls.ts';
import { KEPT_CALL_US, openStage, type Stage } from './stage.ts';

/** More than any run can sell. */
export const PLENTY = 50_000_000;
export const GENERATORS = 1;
const WARM_UP_MS = 500;
const MS_PER_SECOND = 1_000;
const CALMEST_WARM_UP_SHARE = 0.5;

export interface Measured extends RunResult {
  readonly driver: Driver;
  readonly audit: Audit;
  readonly slowCalls: number;
  readonly longestCallMs: number;
  readonly meanCallMs: number;
  readonly redisVersion: string;
}

export interface Asked {
  readonly driver: Driver;
  readonly seconds: number;
  readonly regions?: number;
  readonly batch?: number;
  readonly unitsPerRegion?: number;
  /** Makes Redis wait this long before each flush of its log: a slower disk. */
  readonly slowerDiskUs?: number;
}

export async function measure(context: BenchContext, asked: Asked): Promise<Measured> {
  const { driver, seconds, regions = 1, unitsPerRegion = PLENTY, slowerDiskUs = 0 } = asked;
  context.signal.throwIfAborted();
  const stage = await openStage({ folder: context.folder, regions, unitsPerRegion, driver });
  try {
    for (const { redis } of stage.regions) {
      if (slowerDiskUs > 0) await redis.admin.call('DEBUG', 'AOF-FLUSH-SLEEP', slowerDiskUs);
    }
    const result = await runLoad(stage, runSettings(context, driver, seconds, asked.batch), context.signal);
    return { ...result, driver, ...(await examine(stage, driver, unitsPerRegion, result)) };
  } finally {
    await stage.close();
  }
}

export function runSettings(
  context: BenchContext,
  driver: Driver,
  seconds: number,
  batch: number = LIMITS.claimBatch,
): RunSettings {
  const measureMs = seconds * MS_PER_SECOND;
  return {
    driver,
    generators: GENERATORS,
    batch,
    batchesInFlight: LIMITS.batchesInFlight,
    shoppers: shoppersFor(batch),
    warmUpMs: Math.min(WARM_UP_MS, measureMs * CALMEST_WARM_UP_SHARE),
    measureMs,
    mostClaims: null,
    doctored: context.doctored,
  };
}

/** Twice what can be under way at once: while one half waits for Redis, the other half fills the next batches. */
export function shoppersFor(batch: number): number {
  return 2 * LIMITS.batchesInFlight * batch;
}

export async function examine(
  stage: Stage,
  driver: Driver,
  unitsPerRegion: number,
  { told }: Pick<RunResult, 'told'>,
): Promise<Pick<Measured, 'audit' | 'slowCalls' | 'longestCallMs' | 'meanCallMs' | 'redisVersion'>> {
  const calls = await Promise.all(stage.regions.map(({ redis }) => slowCallsOf(redis.admin, KEPT_CALL_US)));
  return {
    audit: auditSale(told, await findSale(stage, driver, unitsPerRegion)),
    slowCalls: calls.reduce((sum, { slow }) => sum + slow, 0),
    longestCallMs: Math.max(...calls.map(({ longestMs }) => longestMs)),
    meanCallMs: median(calls.map(({ meanMs }) => meanMs)),
    redisVersion: stage.regions[0]?.redis.version ?? 'unknown',
  };
}

/** The same runs of both in turn, so that what disturbs the machine disturbs both. */
export async function measureInTurn(
  context: BenchContext,
  rounds: number,
  asked: Omit<Asked, 'driver'>,
  what: string,
): Promise<{ readonly ours: readonly Measured[]; readonly bare: readonly Measured[] }> {
  const ours: Measured[] = [];
  const bare: Measured[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    context.progress(`${what}: bare, run ${round} of ${rounds}`);
    bare.push(await measure(context, { ...asked, driver: 'bare' }));
    context.progress(`${what}: ours, run ${round} of ${rounds}`);
    ours.push(await measure(context, { ...asked, driver: 'ours' }));
  }
  return { ours, bare };
}
