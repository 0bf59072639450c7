/** store: what shoppers do most, over HTTP, on a made-up catalog, next to a Fastify route with nothing around it. */
import { join } from 'node:path';
import { startCrew } from '../crew/crew.ts';
import { measureFsyncMs } from '../machine/fsync-time.ts';
import { startOrderServers } from '../orders/servers.ts';
import type { Audit } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import { tableOf } from '../report/table.ts';
import type { BenchContext, Findings, Scenario } from '../scenario.ts';
import type { Serve, Serving } from './bare/notes.ts';
import type { Bought, Buy, Fire, Fired } from './generator/notes.ts';
import { type Generator, measurePurchases, type Purchases } from './purchases.ts';
import { openStoreStage, type StoreStage } from './stage.ts';
import { KINDS, type Kind, scriptsOf } from './traffic.ts';

const SIZES = { whole: [100_000, 1_000_000], quick: [100_000] } as const;
const CONNECTIONS = 16;
const HALF = 0.5;
/** What the search of a million products reads again and again fits in there; npm start has 512 MB. docs/SEARCH.md. */
const SHARED_BUFFERS = '1GB';
const WARM_UP_SECONDS = 2;

interface Measured {
  readonly products: number;
  readonly seedSeconds: number;
  readonly redisVersion: string;
  /** As fast as it answers, and at half of that. */
  readonly full: Readonly<Record<Kind, Fired>>;
  readonly half: Readonly<Record<Kind, Fired>>;
  readonly purchases: Purchases;
  readonly bare: Fired;
}

export const store: Scenario = {
  name: 'store',
  about: 'searches, product pages, carts and order status over HTTP, on 100,000 and on 1,000,000 products',
  async run(context) {
    context.progress('fsync time of this disk');
    const fsyncMs = round(await measureFsyncMs(context.folder), 3);
    context.progress('starting Kafka and PostgreSQL');
    const servers = await startOrderServers(context, { shared_buffers: SHARED_BUFFERS });
    const generator = join(import.meta.dirname, 'generator', 'main.ts');
    const crew = startCrew<Fire | Buy, Fired | Bought>({ program: generator, count: 1, signal: context.signal });
    try {
      const measured: Measured[] = [];
      for (const products of context.quick ? SIZES.quick : SIZES.whole) {
        const stage = await openStoreStage(context, servers, products);
        try {
          measured.push(await measure(context, stage, crew));
        } finally {
          await stage.close();
        }
      }
      return findingsOf(context, measured, fsyncMs, servers.postgresVersion);
    } finally {
      await crew.end();
      await servers.close();
    }
  },
};

async function measure(context: BenchContext, stage: StoreStage, crew: Generator): Promise<Measured> {
  const { products, seedSeconds, redisVersion } = stage;
  const body = await (await fetch(`${stage.url}/api/v1/products/${stage.productIds[0]}`)).text();
  // Where orders are looked at afterwards, they are those that were bought here.
  const purchases = await measurePurchases(context, stage, crew);
  const given = { connections: CONNECTIONS, orders: purchases.orders };
  const { seconds } = context;
  const runs: { kind: Kind; full: Fired; half: Fired }[] = [];
  for (const kind of KINDS) {
    const scripts = await scriptsOf(kind, stage, given);
    const fire = async (forSeconds: number, perSecond?: number): Promise<Fired> => {
      const isHalf = perSecond !== undefined;
      context.progress(`${products.toLocaleString('en-US')} products: ${kind}${isHalf ? ' at half' : ''}`);
      return await shoot(crew, { url: stage.url, scripts, seconds: forSeconds, ...(isHalf ? { perSecond } : {}) });
    };
    await fire(WARM_UP_SECONDS);
    const full = await fire(seconds);
    runs.push({ kind, full, half: await fire(seconds, Math.max(1, Math.floor(full.requestsPerSecond * HALF))) });
  }
  const bare = await measureBare(context, crew, body);
  return { products, seedSeconds, redisVersion, full: by(runs, 'full'), half: by(runs, 'half'), purchases, bare };
}

function by(runs: readonly { kind: Kind; full: Fired; half: Fired }[], which: 'full' | 'half'): Record<Kind, Fired> {
  const of = (kind: Kind): Fired => {
    const run = runs.find((one) => one.kind === kind);
    if (run === undefined) throw new Error(`${kind} was not measured.`);
    return run[which];
  };
  return {
    ...{ search: of('search'), product: of('product'), cart: of('cart'), orderStatus: of('orderStatus') },
    recommendations: of('recommendations'),
  };
}

async function measureBare({ seconds, signal, progress }: BenchContext, crew: Generator, body: string) {
  progress('bare: a Fastify route with the bytes of a product page');
  const program = join(import.meta.dirname, 'bare', 'main.ts');
  const bare = startCrew<Serve, Serving>({ program, count: 1, signal });
  try {
    const serving = bare.reports('serving');
    bare.order(() => ({ t: 'serve', body }));
    const url = (await serving)[0]?.url ?? '';
    const scripts = [[{ method: 'GET', path: '/product' } as const]];
    await shoot(crew, { url, scripts, seconds: WARM_UP_SECONDS });
    return await shoot(crew, { url, scripts, seconds });
  } finally {
    await bare.end();
  }
}

async function shoot(crew: Generator, fire: Omit<Fire, 't' | 'connections'>): Promise<Fired> {
  const fired = crew.reports('fired');
  crew.order(() => ({ t: 'fire', connections: CONNECTIONS, ...fire }));
  const [result] = await fired;
  if (result === undefined) throw new Error('No generator, no load.');
  return result;
}

function findingsOf(
  { seconds, quick, doctored }: BenchContext,
  measured: readonly Measured[],
  fsyncMs: number,
  postgres: string,
): Findings {
  const last = measured.at(-1);
  if (last === undefined) throw new Error('Nothing was measured.');
  const rows = measured.flatMap(rowsOf);
  return {
    settings: {
      seconds,
      quick,
      doctored,
      products: last.products,
      connections: CONNECTIONS,
      storeProcesses: 1,
      sharedBuffers: SHARED_BUFFERS,
    },
    metrics: {
      ...{ searchP99Ms: last.half.search.p99Ms, productP99Ms: last.half.product.p99Ms },
      ...{ cartP99Ms: last.half.cart.p99Ms, orderStatusP99Ms: last.half.orderStatus.p99Ms },
      recommendationsP99Ms: last.half.recommendations.p99Ms,
      recommendationsPerSecond: round(last.full.recommendations.requestsPerSecond),
      requestsPerSecond: round(last.full.product.requestsPerSecond),
      searchesPerSecond: round(last.full.search.requestsPerSecond),
      cartRequestsPerSecond: round(last.full.cart.requestsPerSecond),
      orderStatusPerSecond: round(last.full.orderStatus.requestsPerSecond),
      ...{ checkoutP99Ms: last.purchases.half.both.p99Ms, ordersPerSecond: round(last.purchases.full.ordersPerSecond) },
      paidAfterMs: round(last.purchases.paidAfterMs),
      seedSeconds: round(last.seedSeconds, 1),
      fsyncMs,
    },
    limits: { bareRequestsPerSecond: round(last.bare.requestsPerSecond), bareP99Ms: last.bare.p99Ms },
    ratios: { product: round(last.full.product.requestsPerSecond / last.bare.requestsPerSecond, 3) },
    curves: { products: rows },
    samples: {},
    charts: [],
    audit: auditOf(measured),
    servers: { redis: last.redisVersion, postgres },
    tables: [tableOf('By size of the catalog; latency at half of the rate, an open loop', rows)],
    notes: [
      'metrics are of the largest catalog. Requests a second at full speed, by autocannon; p50 and p99 at half of that, an open loop: requests are due at random moments (Poisson), and count from when they were due.',
      'search: 200 queries with and without typos, facets counted, narrowed and sorted in turn, and the last word of each alone. cart: a guest a connection adds, looks, asks for the sum. One store process; generator, PostgreSQL, Redis and the store share the cores.',
      'checkout: accounts with money in their wallets, each with another article in the cart; POST /cart/checkout and POST /orders of one purchase together, over 64 connections. req/s are orders. paidAfterMs: from the last answer at full speed until no order waits for its payment. Order status is asked of these orders.',
      'recommendations: 20,000 shoppers who look at a few products and were never asked for before, of 100,000 with a list of the model; each product has neighbours.',
      'bare: one Fastify route that answers with the bytes of a product page.',
    ],
  };
}

function rowsOf({ products, full, half, purchases, bare }: Measured): Figures[] {
  const { full: fast, half: calm } = purchases;
  return [
    {
      ...{ products, what: 'checkout and order', 'req/s': round(fast.ordersPerSecond) },
      ...{ 'p50 ms': calm.both.p50Ms, 'p99 ms': calm.both.p99Ms, 'max ms': calm.both.maxMs },
      'p99 ms at full speed': fast.both.p99Ms,
    },
    ...KINDS.map((kind) => ({
      ...{ products, what: kind, 'req/s': round(full[kind].requestsPerSecond) },
      ...{ 'p50 ms': half[kind].p50Ms, 'p99 ms': half[kind].p99Ms, 'max ms': half[kind].maxMs },
      'p99 ms at full speed': full[kind].p99Ms,
    })),
    {
      ...{ products, what: 'bare route', 'req/s': round(bare.requestsPerSecond) },
      ...{ 'p50 ms': bare.p50Ms, 'p99 ms': bare.p99Ms, 'max ms': bare.maxMs, 'p99 ms at full speed': bare.p99Ms },
    },
  ];
}

/** A fast answer that is a refusal is none. */
function auditOf(measured: readonly Measured[]): Audit {
  const problems = measured.flatMap(({ products, full, half, purchases }) => [
    ...KINDS.flatMap((kind) => {
      const failed = full[kind].failed + half[kind].failed;
      return failed === 0
        ? []
        : [`${failed} requests of ${kind} on ${products} products were not answered with success`];
    }),
    ...[purchases.full, purchases.half].flatMap(({ failed, failure }) =>
      failed === 0 ? [] : [`${failed} purchases on ${products} products failed, the first with: ${failure}`],
    ),
    ...purchases.problems,
  ]);
  return { ok: problems.length === 0, oversold: 0, lost: 0, duplicated: 0, problems };
}
