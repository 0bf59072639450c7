/** One round: the shop on an ordinary day, then the storm on a drop while the shopping goes on, then every book. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Crew } from '../crew/crew.ts';
import { createRandom } from '../line/eta/random.ts';
import { type CpuUse, cpuBetween, noteCpu, type Pids } from '../machine/cpu-use.ts';
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
  const { signal, progress, doctored } = context;
  const { stage, size, crowds, shops, queries, round } = given;
  const pids: Pids = { ...stage.pids, crowd: crowds.pids, shopping: shops.pids };
  const shopFor = (seconds: number, phase: number): Promise<Phase> =>
    shop(shops, stage, { seconds, perSecond: size.calmPerSecond, queries, seed: round * PHASES + phase });

  progress(`round ${round + 1}: who will come`);
  const people = await makePeople(stage, size.stormShoppers, createRandom(round + 1));
  progress(`round ${round + 1}: warm-up`);
  await shopFor(size.warmUpSeconds, 0);
  progress(`round ${round + 1}: an ordinary day`);
  const calmFrom = await noteCpu(pids);
  const calm = await shopFor(size.calmSeconds, 1);
  const calmCpu = cpuBetween(calmFrom, await noteCpu(pids));

  progress(`round ${round + 1}: the drop is scheduled`);
  const drop = await openDrop(stage, size);
  const prepared = crowds.reports('prepared');
  crowds.order((at) => ({
    t: 'prepare',
    plan: {
      ...{ crowd: at, dropId: drop.id, sku: drop.sku, regions: REGIONS, ports: stage.edgePorts, secret: stage.secret },
      ...{ perShopperLimit: drop.perShopperLimit, stormMs: size.stormSeconds * MS_PER_SECOND },
      ...{ startsAtMs: drop.startsAtMs, people: people.filter((_, one) => one % crowds.pids.length === at) },
    },
  }));
  await prepared;
  const earlyMs = drop.lobbyOpensAtMs - Date.now();
  if (earlyMs < 0) throw new Error(`The crowd was ready ${-earlyMs} ms after the lobby had opened.`);
  await delay(earlyMs, undefined, { signal });

  progress(
    `round ${round + 1}: the storm, ${size.stormShoppers.toLocaleString('en-US')} shoppers in ${size.stormSeconds} s`,
  );
  const watch = watchStock(stage, drop);
  const redisBefore = await usedMemory(stage);
  const stormFrom = await noteCpu(pids);
  const come = crowds.reports('come');
  crowds.order(() => ({ t: 'come', fromMs: drop.lobbyOpensAtMs }));
  const broken = doctored ? tamper(stage, drop) : undefined;
  const [storm] = await Promise.all([shopFor(size.stormSeconds, 2), come]);
  await broken?.stop();
  const endedAtMs = await drop.end();
  const stormCpu = cpuBetween(stormFrom, await noteCpu(pids));

  progress(`round ${round + 1}: the drop has ended, what is under way is settled`);
  const telling = crowds.reports('told');
  crowds.order(() => ({ t: 'end', endedAtMs }));
  const told = await telling;
  const drainedAfterMs = await untilDrained(stage, drop, endedAtMs, signal);
  const wholeCpu = cpuBetween(stormFrom, await noteCpu(pids));
  const redisBytes = (await usedMemory(stage)) - redisBefore;
  const samples = await watch.stop();

  progress(`round ${round + 1}: audit`);
  const audited = await auditRound({ stage, drop, told, samples, phases: [calm, storm], signal });
  return {
    ...{ calm, storm, told, drop, endedAtMs, milestones: milestonesOf(samples, drop.startsAtMs, endedAtMs) },
    ...{ calmCpu, stormCpu, wholeCpu, drainedAfterMs, redisBytes, ...audited },
    orders: await ordersBySecond(stage, drop),
  };
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
