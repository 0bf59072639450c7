/** orders: from the outbox through Kafka to durable order, item and payment rows, against the same chain with nothing around it. */
import { availableParallelism } from 'node:os';
import { inTurn, type Side } from '../in-turn.ts';
import { CLOUD_FSYNC_MS, slowerDiskUs } from '../machine/fsync-time.ts';
import { onlyAudited } from '../only-audited.ts';
import { joinAudits } from '../report/audit.ts';
import { median } from '../report/statistics.ts';
import type { BenchContext, Findings, Scenario } from '../scenario.ts';
import { chartsOf } from './charts.ts';
import { measureCurves } from './curves.ts';
import { figuresOf, notesOf, tablesOf } from './figures.ts';
import { runLag } from './lag-run.ts';
import { type PartsRun, runParts } from './parts-run.ts';
import { REGIONS } from './regions.ts';
import { type ChainSettings, runChain } from './run.ts';
import { type OrderServers, withOrderServers } from './servers.ts';

/** About as many as the chain carries in the time that a run is to be measured. */
const CLAIMS_PER_SECOND = 20_000;
/** A broker that has just started would make the first run a slow one. */
const WARM_UP_CLAIMS = 40_000;
const PARTITIONS = 8;
const HALF = 0.5;
/** To see that a lost order is noticed, a few are enough. */
const DOCTORED_CLAIMS = 2_000;

export const orders: Scenario = {
  name: 'orders',
  about: 'outbox to Kafka to PostgreSQL: durable orders per second, and the lag from a claim to its order',
  run: (context) =>
    withOrderServers(context, (servers, fsyncMs) => {
      if (context.doctored) return doctor(context, servers);
      const claims = Math.round(CLAIMS_PER_SECOND * context.seconds);
      return measureOrders(context, servers, { claims, fsyncMs });
    }),
};

async function doctor(context: BenchContext, servers: OrderServers): Promise<Findings> {
  context.progress('an order is taken away');
  const asked = { claims: DOCTORED_CLAIMS, partitions: PARTITIONS, side: 'ours' } as const;
  const { audit, redisVersion } = await runChain(context, servers, asked);
  const versions = { redis: redisVersion, postgres: servers.postgresVersion };
  return onlyAudited(audit, 'one order was taken away after it had been made.', versions);
}

/** All of it, with servers that are there. */
async function measureOrders(
  context: BenchContext,
  servers: OrderServers,
  given: { readonly claims: number; readonly fsyncMs: number },
): Promise<Findings> {
  const { claims, fsyncMs } = given;
  const base = { claims, partitions: PARTITIONS };
  context.progress('warming up');
  const warmUp = await runChain(context, servers, { ...base, side: 'bare', claims: Math.min(claims, WARM_UP_CLAIMS) });
  const chain = (asked: Omit<ChainSettings, 'side'>) => (side: Side) => runChain(context, servers, { ...asked, side });
  const main = await inTurn(context, 'all at once', chain(base));
  const parts = { bare: await partsOf('bare'), ours: await partsOf('ours') };
  const slower = { ...base, slowerDiskUs: slowerDiskUs(fsyncMs) };
  const slow = await inTurn({ ...context, rounds: 1 }, `${CLOUD_FSYNC_MS} ms an fsync`, chain(slower));
  const perSecond = Math.max(1, Math.floor(HALF * median(main.ours.map((run) => run.ordersPerSecond))));
  const atHalf = { partitions: PARTITIONS, perSecond, fsyncMs };
  const lag = await inTurn(context, `at ${perSecond} claims/s`, (side) =>
    runLag(context, servers, { ...atHalf, side }),
  );
  const curves = context.quick ? undefined : await measureCurves(context, servers);
  const runs = [
    warmUp,
    ...main.ours,
    ...main.bare,
    ...slow.ours,
    ...slow.bare,
    parts.ours,
    parts.bare,
    ...lag.ours,
    ...lag.bare,
  ];
  const measured = { main, slow, parts, lag, fsyncMs };

  return {
    settings: {
      ...{ claims, partitions: PARTITIONS, regions: REGIONS.length, ordersPerSecondAtHalf: perSecond },
      ...{ appendfsync: 'always', synchronous_commit: 'on', relays: 1, orderWriters: 1 },
    },
    ...figuresOf(measured, availableParallelism()),
    curves: curves?.curves ?? {},
    charts: chartsOf(measured, curves?.curves ?? {}),
    audit: joinAudits([...runs, ...(curves?.runs ?? [])].map(({ audit }) => audit)),
    servers: {
      redis: main.ours[0]?.redisVersion ?? 'unknown',
      kafka: 'with the JVM settings of npm start',
      postgres: servers.postgresVersion,
    },
    tables: tablesOf(measured, curves?.curves ?? {}),
    notes: notesOf(measured, CLOUD_FSYNC_MS),
  };

  function partsOf(side: Side): Promise<PartsRun> {
    context.progress(`the parts alone: ${side}`);
    return runParts(context, servers, { ...base, side });
  }
}
