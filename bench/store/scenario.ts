/** store: what shoppers do most, over HTTP, on a made-up catalog, next to a Fastify route with nothing around it. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { startCrew } from '../crew/crew.ts';
import { onlyAudited } from '../only-audited.ts';
import { type OrderServers, withOrderServers } from '../orders/servers.ts';
import { tableOf } from '../report/table.ts';
import type { BenchContext, Findings, Scenario } from '../scenario.ts';
import { createCatalog } from './catalog.ts';
import { chartsOf, oldOrdersCharts } from './charts.ts';
import { auditOf, figuresOf, rowsOf } from './figures.ts';
import type { Bought, Buy, Fire, Fired } from './generator/notes.ts';
import { CONNECTIONS, type Measured, measureStore } from './measure.ts';
import { measureOldOrders, type OldOrders } from './old-orders.ts';
import { type Generator, measurePurchases } from './purchases.ts';
import { openStoreStage, type StoreStage } from './stage.ts';

const SIZES = { whole: [10_000, 100_000, 1_000_000], quick: [100_000] } as const;
/** The smaller sizes are measured for no longer than this. */
const MOST_CURVE_SECONDS = 3;
/** To see that wrong books are noticed, a few are enough. */
const DOCTORED_PRODUCTS = 2_000;
/** What the search of a million products reads again and again fits in there; npm start has 512 MB. docs/SEARCH.md. */
const SHARED_BUFFERS = '1GB';

export const store: Scenario = {
  name: 'store',
  about: 'searches, product pages, carts, checkouts and order status over HTTP, on up to 1,000,000 products',
  run: (context) =>
    withOrderServers(
      context,
      (servers, fsyncMs) => (context.doctored ? doctor(context, servers) : measureSizes(context, servers, fsyncMs)),
      { shared_buffers: SHARED_BUFFERS },
    ),
};

async function measureSizes(context: BenchContext, servers: OrderServers, fsyncMs: number): Promise<Findings> {
  const sizes = context.quick ? SIZES.quick : SIZES.whole;
  const largest = sizes.at(-1);
  const measured: Measured[] = [];
  let old: OldOrders = { points: [], problems: [] };
  await onEachSize(context, servers, sizes, async (stage, crew) => {
    // The smaller ones are points of a curve; what is told and compared is measured of the largest.
    const isLargest = stage.products === largest;
    const seconds = isLargest ? context.seconds : Math.min(MOST_CURVE_SECONDS, context.seconds);
    measured.push(await measureStore({ ...context, seconds }, stage, crew, isLargest ? context.rounds : 1));
    if (!context.quick && measured.length === 1) old = await measureOldOrders(context, stage, crew);
  });
  return findingsOf({ measured, old, fsyncMs, postgres: servers.postgresVersion });
}

async function doctor(context: BenchContext, servers: OrderServers): Promise<Findings> {
  const problems: string[] = [];
  await onEachSize(context, servers, [DOCTORED_PRODUCTS], async (stage, crew) => {
    problems.push(...(await measurePurchases({ ...context, seconds: 1 }, stage, crew, 1)).problems);
  });
  const audit = { ok: problems.length === 0, oversold: 0, lost: 0, duplicated: 0, problems };
  const what = 'a unit of each article was reserved that nobody had asked for.';
  return onlyAudited(audit, what, { postgres: servers.postgresVersion });
}

async function onEachSize(
  context: BenchContext,
  servers: OrderServers,
  sizes: readonly number[],
  work: (stage: StoreStage, crew: Generator) => Promise<void>,
): Promise<void> {
  const generator = join(import.meta.dirname, 'generator', 'main.ts');
  const crew = startCrew<Fire | Buy, Fired | Bought>({ program: generator, count: 1, signal: context.signal });
  try {
    const catalog = await createCatalog(servers);
    for (const products of sizes) {
      const stage = await openStoreStage(context, servers, catalog, products);
      try {
        await work(stage, crew);
      } finally {
        await stage.close();
      }
    }
  } finally {
    await crew.end();
  }
}

interface Found {
  readonly measured: readonly Measured[];
  readonly old: OldOrders;
  readonly fsyncMs: number;
  readonly postgres: string;
}

function findingsOf({ measured, old, fsyncMs, postgres }: Found): Findings {
  const cores = availableParallelism();
  const last = measured.at(-1);
  const rows = measured.flatMap((one) => rowsOf(one, cores));
  return {
    settings: {
      ...{ products: last?.products ?? 0, connections: CONNECTIONS },
      ...{ storeProcesses: 1, generators: 1, sharedBuffers: SHARED_BUFFERS },
    },
    ...figuresOf(measured, fsyncMs, cores),
    curves: { products: rows, ...(old.points.length > 0 ? { orders: old.points } : {}) },
    charts: [...chartsOf(measured, rows), ...oldOrdersCharts(old.points)],
    audit: auditOf(measured, old.problems),
    servers: { redis: last?.redisVersion ?? 'unknown', postgres },
    tables: [
      tableOf('By size of the catalog; latency at half of the rate, an open loop', rows),
      ...(old.points.length > 0 ? [tableOf('By the orders that were there already', old.points)] : []),
    ],
    notes: NOTES,
  };
}

const NOTES = [
  'By orders: cancelled ones of the last month, of the same shoppers, on the smallest catalog; orders that are looked at are of all of them.',
  'metrics are of the largest catalog, and it alone is measured in rounds. Requests a second at full speed, by autocannon; p50 and p99 at half of that, an open loop: requests are due at random moments (Poisson), and count from when they were due.',
  'search: 200 queries with and without typos, facets counted, narrowed and sorted in turn, and the last word of each alone. cart: twenty guests a connection, one after the other, add, look, ask for the sum. One store process; generator, PostgreSQL, Redis and the store share the cores.',
  'checkout: accounts with money in their wallets, each with another article in the cart; POST /cart/checkout and POST /orders of one purchase together, over 64 connections. req/s are orders. paidAfterMs: from the last answer at full speed until no order waits for its payment. Order status is asked of these orders.',
  'product: 2,000 pages again and again, as what everybody looks at: after the warm-up they come from the caches of the store.',
  'recommendations: 20,000 shoppers who look at a few products and were never asked for before, of 100,000 with a list of the model; each product has neighbours.',
  'bare: one Fastify route that answers with the bytes of a product page; its p50 and p99 at the rate at which product pages were asked for.',
  'CpuMs: CPU time of store, payments, PostgreSQL, Redis and Kafka for a request at full speed; that of the generator is beside it. full: what had no room left. Where that is the generator, the store can do more than this says.',
];
