/** The two parts of the chain one after the other, each with the machine to itself: says which of them is the slower. */
import type { Side } from '../in-turn.ts';
import { type CpuUse, cpuBetween, noteCpu } from '../machine/cpu-use.ts';
import type { Audit } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import type { BenchContext } from '../scenario.ts';
import { auditOrders } from './audit.ts';
import { startPart } from './chain.ts';
import { fillOutbox } from './fill.ts';
import { findOrders } from './find-orders.ts';
import type { ChainSettings } from './run.ts';
import type { OrderServers } from './servers.ts';
import type { OrderStage } from './stage.ts';
import { dearestStatements, forgetStatements } from './statements.ts';
import * as watch from './watch.ts';
import { withStage } from './with-stage.ts';

const MS_PER_SECOND = 1_000;

export interface PartsRun {
  readonly side: Side;
  /** Outbox to Kafka, and Kafka to PostgreSQL, each with the machine to itself. */
  readonly relayPerSecond: number;
  readonly writerPerSecond: number;
  readonly relayCpu: CpuUse;
  readonly writerCpu: CpuUse;
  readonly statements: readonly Figures[];
  readonly audit: Audit;
}

export async function runParts(
  context: BenchContext,
  servers: OrderServers,
  settings: ChainSettings,
): Promise<PartsRun> {
  return withStage(context, servers, settings, async (stage) => {
    const { claims, side } = settings;
    const { signal } = context;
    const told = await fillOutbox({ redisUrl: stage.redis.url, sales: stage.sales }, claims);
    const relayed = await measureRelay(stage, claims, signal);
    await forgetStatements(stage);
    const orders = await startPart(stage, 'orders', signal);
    try {
      const pids = { ...watch.pidsOf(stage), orders: orders.pid };
      const from = await noteCpu(pids);
      await watch.ordersWritten(stage, claims, signal);
      const to = await noteCpu(pids);
      const { firstMs, lastMs, inFirst } = await watch.commitsOf(stage);
      return {
        side,
        ...relayed,
        // What came before the first commit was the start of the process.
        writerPerSecond: lastMs > firstMs ? ((claims - inFirst) / (lastMs - firstMs)) * MS_PER_SECOND : 0,
        writerCpu: cpuBetween(from, to),
        statements: await dearestStatements(stage, claims),
        audit: auditOrders(told, await findOrders(stage)),
      };
    } finally {
      await orders.stop();
    }
  });
}

async function measureRelay(
  stage: OrderStage,
  claims: number,
  signal: AbortSignal,
): Promise<Pick<PartsRun, 'relayPerSecond' | 'relayCpu'>> {
  const taken = watch.firstEntryTaken(stage, signal);
  taken.catch(() => undefined);
  const relay = await startPart(stage, 'relay', signal);
  try {
    const pids = { ...watch.pidsOf(stage), relay: relay.pid };
    const fromMs = await taken;
    const from = await noteCpu(pids);
    const toMs = await watch.outboxEmpty(stage, signal);
    const relayCpu = cpuBetween(from, await noteCpu(pids));
    return { relayPerSecond: (claims / (toMs - fromMs)) * MS_PER_SECOND, relayCpu };
  } finally {
    await relay.stop();
  }
}
