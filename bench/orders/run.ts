/** One measured run: claims in the outbox, then the chain over them at once, the audit at the end. */
import type { Side } from '../in-turn.ts';
import { type CpuUse, cpuBetween, noteCpu } from '../machine/cpu-use.ts';
import type { Happened } from '../machine/rate-line.ts';
import type { Audit } from '../report/audit.ts';
import type { BenchContext } from '../scenario.ts';
import { auditOrders } from './audit.ts';
import { type PartProcess, startPart } from './chain.ts';
import { fillOutbox } from './fill.ts';
import { findOrders, loseOneOrder } from './find-orders.ts';
import type { OrderServers } from './servers.ts';
import { slowDisk } from './slow-disk.ts';
import * as watch from './watch.ts';
import { withStage } from './with-stage.ts';

export interface ChainSettings {
  readonly side: Side;
  readonly claims: number;
  readonly partitions: number;
  readonly regions?: readonly string[];
  /** Makes Redis and PostgreSQL wait this much longer for each flush of their logs. */
  readonly slowerDiskUs?: number;
}

export interface ChainRun {
  readonly side: Side;
  readonly claims: number;
  readonly partitions: number;
  readonly ordersPerSecond: number;
  /** Epoch milliseconds of the first entry that the relay took, and what was committed when. */
  readonly fromMs: number;
  readonly commits: readonly Happened[];
  readonly cpu: CpuUse;
  readonly audit: Audit;
  readonly redisVersion: string;
}

const MS_PER_SECOND = 1_000;

/** The whole chain: the clock runs from the first entry that the relay takes to the commit of the last order. */
export async function runChain(
  context: BenchContext,
  servers: OrderServers,
  settings: ChainSettings,
): Promise<ChainRun> {
  return withStage(context, servers, settings, async (stage) => {
    const { claims, partitions, side, slowerDiskUs = 0 } = settings;
    const { signal } = context;
    const told = await fillOutbox({ redisUrl: stage.redis.url, sales: stage.sales }, claims);
    const started: PartProcess[] = [];
    const disk = await slowDisk(stage, slowerDiskUs);
    try {
      const orders = await startPart(stage, 'orders', signal);
      started.push(orders);
      const taken = watch.firstEntryTaken(stage, signal);
      taken.catch(() => undefined);
      const relay = await startPart(stage, 'relay', signal);
      started.push(relay);
      const pids = { ...watch.pidsOf(stage), relay: relay.pid, orders: orders.pid };
      const fromMs = await taken;
      const from = await noteCpu(pids);
      await watch.ordersWritten(stage, claims, signal);
      const to = await noteCpu(pids);
      const { lastMs, each } = await watch.commitsOf(stage);
      await watch.outboxEmpty(stage, signal);
      if (context.doctored && side === 'ours') await loseOneOrder(stage);
      return {
        side,
        claims,
        partitions,
        ordersPerSecond: (claims / (lastMs - fromMs)) * MS_PER_SECOND,
        fromMs,
        commits: each,
        cpu: cpuBetween(from, to),
        audit: auditOrders(told, await findOrders(stage)),
        redisVersion: stage.redis.version,
      };
    } finally {
      await Promise.all(started.map((part) => part.stop()));
      await disk.restore();
    }
  });
}
