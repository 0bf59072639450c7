/** One round: the shop on an ordinary day, then the storm on a drop while the shopping goes on, then every book. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Crew } from '../crew/crew.ts';
import { createRandom } from '../line/eta/random.ts';
import { type CpuUse, cpuBetween, cpuDuring, noteCpu, type Pids } from '../machine/cpu-use.ts';
import type { Audit } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import type { BenchContext } from '../scenario.ts';
import { auditRound } from './audit/audit-round.ts';
import type { SoldOutVerdict } from './audit/honest-sold-out.ts';
import type { CrowdOrder, CrowdReport, CrowdTold } from './crowd/notes.ts';
import { openDrop, type StormDrop } from './drop.ts';
import { type OrdersBySecond, ordersBySecond } from './orders-by-second.ts';
import { makePeople } from './people.ts';
import { type Phase, type Shops, shop } from './shops.ts';
import type { SaleSize } from './size.ts';
import { REGIONS, type SaleStage } from './stage.ts';
import { type Milestones, milestonesOf, watchStock } from './stock-watch.ts';
import { tamper } from './tamper.ts';

export interface RoundGiven {
  readonly stage: SaleStage;
  readonly size: SaleSize;
  readonly crowds: Crew<CrowdOrder, CrowdReport>;
  readonly shops: Shops;
  readonly queries: readonly string[];
  /** From 1 on; 0 is the warm-up. */
  readonly round: number;
}

export interface Round {
  readonly calm: Phase;
  readonly storm: Phase;
  readonly told: readonly CrowdTold[];
  readonly drop: Pick<StormDrop, 'lobbyOpensAtMs' | 'startsAtMs'>;
  readonly endedAtMs: number;
  readonly milestones: Milestones;
  readonly calmCpu: CpuUse;
  /** From the opening of the lobby to the end of the drop. */
  readonly stormCpu: CpuUse;
  /** From the opening of the lobby until everything was paid or given back. */
  readonly wholeCpu: CpuUse;
  readonly drainedAfterMs: number;
  readonly redisBytes: number;
  readonly orders: OrdersBySecond;
  readonly paidOrders: number;
  readonly allOrders: number;
  readonly soldOut: SoldOutVerdict;
  readonly chargedTwice: number;
  readonly chargedForNothing: number;
  readonly audit: Audit;
  readonly ledger: readonly Figures[];
}

const MS_PER_SECOND = 1_000;
const DRAIN_DEADLINE_MS = 120_000;
const LOOK_EVERY_MS = 100;

export async function runRound(context: BenchContext, given: RoundGiven): Promise<Round> {
  const { signal } = context;
  const { stage, size, shops, queries, round } = given;
  const progress = (what: string): void => context.progress(`${round === 0 ? 'warm-up' : `round ${round}`}: ${what}`);
  const pids: Pids = { ...stage.pids, crowd: given.crowds.pids, shopping: shops.pids };
  const shopFor = (seconds: number, phase: number): Promise<Phase> =>
    shop(shops, stage, { seconds, perSecond: size.calmPerSecond, queries, seed: round * PHASES + phase });

  progress('who will come');
  await gather(given);
  if (size.warmUpSeconds > 0) {
    progress('first visits');
    await shopFor(size.warmUpSeconds, 0);
  }
  progress('an ordinary day');
  const { result: calm, cpu: calmCpu } = await cpuDuring(pids, () => shopFor(size.calmSeconds, 1));

  progress('the drop is scheduled');
  const drop = await openDrop(stage, size);
  await delay(Math.max(0, drop.lobbyOpensAtMs - Date.now()), undefined, { signal });
  progress(`the storm, ${size.stormShoppers.toLocaleString('en-US')} shoppers in ${size.stormSeconds} s`);
  const watch = watchStock(stage, drop);
  const redisBefore = await usedMemory(stage);
  const from = await noteCpu(pids);
  const storm = await storming(given, drop, context.doctored, () => shopFor(size.stormSeconds, 2));
  const endedAtMs = await drop.end();
  const stormCpu = cpuBetween(from, await noteCpu(pids));

  progress('the drop has ended, what is under way is settled');
  const told = await tellAll(given, endedAtMs);
  const drainedAfterMs = await untilDrained(stage, drop, endedAtMs, signal);
  const wholeCpu = cpuBetween(from, await noteCpu(pids));
  const redisBytes = (await usedMemory(stage)) - redisBefore;
  const samples = await watch.stop();

  progress('audit');
  const audited = await auditRound({ stage, drop, told, samples, phases: [calm, storm], signal });
  return {
    ...{ calm, storm, told, drop, endedAtMs, milestones: milestonesOf(samples, drop.startsAtMs, endedAtMs) },
    ...{ calmCpu, stormCpu, wholeCpu, drainedAfterMs, redisBytes, ...audited },
    orders: await ordersBySecond(stage, drop),
  };
}

/** Everything that takes its time is done before there is a drop. */
async function gather({ stage, size, crowds, round }: RoundGiven): Promise<void> {
  const people = await makePeople(stage, size.stormShoppers, createRandom(round + 1));
  const prepared = crowds.reports('prepared');
  crowds.order((at) => ({
    t: 'prepare',
    plan: {
      ...{ crowd: at, regions: REGIONS, ports: stage.edgePorts, secret: stage.secret },
      stormMs: size.stormSeconds * MS_PER_SECOND,
      people: people.filter((_, one) => one % crowds.pids.length === at),
    },
  }));
  await prepared;
}

/** The crowd comes while the shopping goes on. */
async function storming(
  { stage, crowds }: RoundGiven,
  drop: StormDrop,
  doctored: boolean,
  shopping: () => Promise<Phase>,
): Promise<Phase> {
  const { id: dropId, sku, perShopperLimit, startsAtMs, lobbyOpensAtMs: fromMs } = drop;
  const come = crowds.reports('come');
  crowds.order(() => ({ t: 'come', drop: { dropId, sku, perShopperLimit, startsAtMs }, fromMs }));
  const broken = doctored ? tamper(stage, drop) : undefined;
  try {
    const [phase] = await Promise.all([shopping(), come]);
    return phase;
  } finally {
    await broken?.stop();
  }
}

async function tellAll({ crowds }: RoundGiven, endedAtMs: number): Promise<readonly CrowdTold[]> {
  const telling = crowds.reports('told');
  crowds.order(() => ({ t: 'end', endedAtMs }));
  return await telling;
}

const PHASES = 3;

/** Everything that was claimed is paid, or its units are back. */
async function untilDrained(
  { database }: SaleStage,
  { id }: StormDrop,
  endedAtMs: number,
  signal: AbortSignal,
): Promise<number> {
  const deadlineMs = performance.now() + DRAIN_DEADLINE_MS;
  for (;;) {
    const { rowCount } = await database.query(
      `select from orders where drop_id = $1 and status in ('PENDING', 'REVIEW') limit 1`,
      [id],
    );
    // What does not end by then is for the audit to tell.
    if (rowCount === 0 || performance.now() > deadlineMs) return Date.now() - endedAtMs;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function usedMemory({ redis }: SaleStage): Promise<number> {
  return Number(/^used_memory:(?<bytes>\d+)/m.exec(await redis.admin.info('memory'))?.groups?.['bytes'] ?? 0);
}
