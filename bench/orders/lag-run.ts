/** How long it takes from a claim to its committed order while claims come at a steady rate. */
import { join } from 'node:path';
import type { Histogram } from 'hdr-histogram-js';
import { startCrew } from '../crew/crew.ts';
import { createLatencies, recordMs } from '../crew/histograms.ts';
import type { Side } from '../in-turn.ts';
import { type CpuUse, cpuBetween, noteCpu } from '../machine/cpu-use.ts';
import type { Happened } from '../machine/rate-line.ts';
import type { Audit } from '../report/audit.ts';
import type { BenchContext } from '../scenario.ts';
import { auditOrders } from './audit.ts';
import { type PartProcess, startPart } from './chain.ts';
import { findOrders } from './find-orders.ts';
import type { ClaimsAtRate, ClaimsMade, GeneratorReport } from './generator/notes.ts';
import type { OrderServers } from './servers.ts';
import type { OrderStage } from './stage.ts';
import * as watch from './watch.ts';
import { withStage } from './with-stage.ts';

export interface LagSettings {
  readonly side: Side;
  readonly partitions: number;
  readonly perSecond: number;
  /** Added to each lag: PostgreSQL notes a commit's time just before it flushes it. */
  readonly fsyncMs: number;
}

export interface LagRun {
  readonly side: Side;
  readonly perSecond: number;
  readonly orders: number;
  /** In microseconds. */
  readonly lags: Histogram;
  /** What was committed when, warm-up included; epoch milliseconds. */
  readonly commits: readonly Happened[];
  readonly startMs: number;
  readonly measuredFromMs: number;
  readonly measuredToMs: number;
  /** The median lag of the claims of each quarter of a second: seconds since the start, and milliseconds. */
  readonly lagByTime: readonly (readonly [number, number])[];
  readonly generatorLatestMs: number;
  /** While claims came. */
  readonly cpu: CpuUse;
  readonly audit: Audit;
}

const GENERATOR = join(import.meta.dirname, 'generator', 'main.ts');
const LAG_STEP_MS = 250;
const MS_PER_SECOND = 1_000;
const US_PER_MS = 1_000;
/** Half of it is the ramp. */
const WARM_UP_MS = 4_000;

export function runLag(context: BenchContext, servers: OrderServers, settings: LagSettings): Promise<LagRun> {
  return withStage(context, servers, settings, async (stage) => {
    const { side, perSecond, fsyncMs } = settings;
    const { signal } = context;
    const crew = startCrew<ClaimsAtRate, GeneratorReport>({ program: GENERATOR, count: 1, signal });
    const started: PartProcess[] = [];
    try {
      await crew.reports('ready');
      const orders = await startPart(stage, 'orders', signal);
      started.push(orders);
      const relay = await startPart(stage, 'relay', signal);
      started.push(relay);
      const generator = crew.pids[0] ?? 0;
      const pids = { ...watch.pidsOf(stage), relay: relay.pid, orders: orders.pid, generator };
      const from = await noteCpu(pids);
      const made = crew.reports('made');
      const measureMs = context.seconds * MS_PER_SECOND;
      const warmUpMs = Math.min(WARM_UP_MS, measureMs);
      const { sales, redis } = stage;
      crew.order(() => ({ t: 'claim', redisUrl: redis.url, sales, perSecond, warmUpMs, measureMs }));
      const [claims] = await made;
      if (claims === undefined) throw new Error('No generator, no claims.');
      const to = await noteCpu(pids);
      await watch.ordersWritten(stage, claims.told.won, signal);
      await watch.outboxEmpty(stage, signal);
      const lags = await lagsOf(stage, claims, fsyncMs);
      const { startMs, fromMs: measuredFromMs, toMs: measuredToMs } = claims;
      return {
        ...{ side, perSecond, orders: lags.totalCount, lags },
        ...{ commits: (await watch.commitsOf(stage)).each, startMs, measuredFromMs, measuredToMs },
        lagByTime: await lagByTime(stage, startMs),
        generatorLatestMs: claims.latestMs,
        cpu: cpuBetween(from, to),
        audit: auditOrders(claims.told, await findOrders(stage)),
      };
    } finally {
      await crew.end();
      await Promise.all(started.map((part) => part.stop()));
    }
  });
}

export function lagAtMs(lags: Histogram, percentile: number): number {
  return lags.getValueAtPercentile(percentile) / US_PER_MS;
}

async function lagByTime({ database }: OrderStage, startMs: number): Promise<[number, number][]> {
  const { rows } = await database.query<{ step: number; ms: number }>(
    `select floor((extract(epoch from due) * 1000 - $1::float8) / $2)::int as step,
       percentile_cont(0.5) within group (
         order by extract(epoch from pg_xact_commit_timestamp(xmin) - due)::float8 * 1000
       ) as ms
     from (select xmin, uuid_extract_timestamp(id) as due from orders) as placed
     group by 1 order by 1`,
    [startMs, LAG_STEP_MS],
  );
  return rows.map(({ step, ms }) => [((step + 1) * LAG_STEP_MS) / MS_PER_SECOND, ms]);
}

/** From the time in the id, when the claim was due, to the commit: the same clock of the same machine. */
async function lagsOf({ database }: OrderStage, { fromMs, toMs }: ClaimsMade, fsyncMs: number): Promise<Histogram> {
  const { rows } = await database.query<{ ms: number }>(
    `select (extract(epoch from pg_xact_commit_timestamp(xmin) - due) * 1000)::float8 as ms
     from (select xmin, uuid_extract_timestamp(id) as due from orders) as placed
     where due >= to_timestamp($1::float8 / 1000) and due < to_timestamp($2::float8 / 1000)`,
    [fromMs, toMs],
  );
  const lags = createLatencies();
  for (const { ms } of rows) recordMs(lags, ms + fsyncMs);
  return lags;
}
