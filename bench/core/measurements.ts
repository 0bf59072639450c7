/** Whole measured runs: a fresh stage, the load, the audit. */
import { LIMITS } from '../../contracts/limits.ts';
import { inTurn, type Rounds } from '../in-turn.ts';
import type { Audit } from '../report/audit.ts';
import { median } from '../report/statistics.ts';
import type { BenchContext } from '../scenario.ts';
import { auditSale } from './audit.ts';
import { findSale } from './find-sale.ts';
import type { Driver } from './load.ts';
import { type RunResult, type RunSettings, runLoad, startGenerators } from './run.ts';
import { PLENTY } from './sale-data.ts';
import { slowCallsOf } from './slow-calls.ts';
import { KEPT_CALL_US, openStage, type Stage } from './stage.ts';

export const GENERATORS = 2;
const WARM_UP_MS = 500;
/** Half of it is the ramp. */
const OPEN_LOOP_WARM_UP_MS = 2_000;
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
  readonly redisProcesses?: number;
  readonly batch?: number;
  readonly unitsPerRegion?: number;
  /** Claims begin at this rate, whatever is answered. */
  readonly perSecond?: number;
  /** Makes Redis wait this long before each flush of its log: a slower disk. */
  readonly slowerDiskUs?: number;
}

export async function measure(context: BenchContext, asked: Asked): Promise<Measured> {
  const { driver, seconds, regions = 1, redisProcesses = regions, unitsPerRegion = PLENTY, slowerDiskUs = 0 } = asked;
  const { folder, signal } = context;
  signal.throwIfAborted();
  const stage = await openStage({ folder, regions, redisProcesses, unitsPerRegion, driver });
  const generators = startGenerators(GENERATORS, signal);
  try {
    for (const { redis } of stage.regions) {
      if (slowerDiskUs > 0) await redis.admin.call('DEBUG', 'AOF-FLUSH-SLEEP', slowerDiskUs);
    }
    const result = await runLoad(stage, runSettings(context, driver, seconds, asked), generators);
    return { ...result, driver, ...(await examine(stage, driver, unitsPerRegion, result)) };
  } finally {
    await generators.end();
    await stage.close();
  }
}

export function runSettings(
  context: BenchContext,
  driver: Driver,
  seconds: number,
  { batch = LIMITS.claimBatch, regions = 1, perSecond }: Pick<Asked, 'batch' | 'regions' | 'perSecond'> = {},
): RunSettings {
  const measureMs = seconds * MS_PER_SECOND;
  const warmUpMs = perSecond === undefined ? WARM_UP_MS : OPEN_LOOP_WARM_UP_MS;
  return {
    driver,
    batch,
    batchesInFlight: LIMITS.batchesInFlight,
    shoppers: shoppersFor(batch) * regions,
    warmUpMs: Math.min(warmUpMs, measureMs * CALMEST_WARM_UP_SHARE),
    measureMs,
    mostClaims: null,
    perSecond: perSecond ?? null,
    doctored: context.doctored,
    slowedMs: context.slowedMs ?? 0,
  };
}

/** Twice what can be under way at once: while one half waits for Redis, the other half fills the next batches. */
export function shoppersFor(batch: number): number {
  return 2 * GENERATORS * LIMITS.batchesInFlight * batch;
}

export async function examine(
  stage: Stage,
  driver: Driver,
  unitsPerRegion: number,
  { told }: Pick<RunResult, 'told'>,
): Promise<Pick<Measured, 'audit' | 'slowCalls' | 'longestCallMs' | 'meanCallMs' | 'redisVersion'>> {
  const servers = new Set(stage.regions.map(({ redis }) => redis));
  const calls = await Promise.all([...servers].map(({ admin }) => slowCallsOf(admin, KEPT_CALL_US)));
  return {
    audit: auditSale(told, await findSale(stage, driver, unitsPerRegion)),
    slowCalls: calls.reduce((sum, { slow }) => sum + slow, 0),
    longestCallMs: Math.max(...calls.map(({ longestMs }) => longestMs)),
    meanCallMs: median(calls.map(({ meanMs }) => meanMs)),
    redisVersion: stage.regions[0]?.redis.version ?? 'unknown',
  };
}

export function measureInTurn(
  context: BenchContext,
  rounds: number,
  asked: Omit<Asked, 'driver'>,
  what: string,
): Promise<Rounds<Measured>> {
  return inTurn({ ...context, rounds }, what, (driver) => measure(context, { ...asked, driver }));
}
