/** The figures that the product has to reach, each with where a report has it. Every report says how it did. */
import type { FigurePath } from './direction.ts';

export interface Bound {
  readonly least?: number;
  readonly most?: number;
}

export interface Goal extends Bound {
  /** Whose report has it; `null` for what is not measured by a bench. */
  readonly scenario: string | null;
  readonly what: string;
  readonly figure: FigurePath | null;
  readonly bare?: FigurePath;
  readonly ratio?: FigurePath;
  /** Ours ÷ bare has to be this at least. */
  readonly leastRatio?: number;
  /** The figure counts only where the run was this large. */
  readonly needs?: readonly { readonly figure: FigurePath; readonly least: number }[];
  /** The best that others have published or that was measured of them here. */
  readonly peer: string | null;
  /** Where it is told instead. */
  readonly see?: string;
}

const NEST = 'a NestJS peer, run here';
const VENDURE = 'Vendure, run here';
const CROWD = [{ figure: 'metrics.sockets', least: 100_000 }] as const;
const CATALOG = [{ figure: 'settings.products', least: 1_000_000 }] as const;
/** A storm in which nothing was sold shows nothing. */
const STORM = [
  { figure: 'metrics.burstFactor', least: 50 },
  { figure: 'metrics.ordersPaid', least: 1 },
] as const;

export const GOALS: readonly Goal[] = [
  {
    scenario: 'core',
    what: 'durable claims/s',
    figure: 'metrics.claimsPerSecond',
    ...{ bare: 'limits.bareClaimsPerSecond', ratio: 'ratios.claims', leastRatio: 0.7 },
    peer: '31 k/s on one hot row (AliSQL); 1–6 k/s (samples with a Redis script)',
  },
  {
    scenario: 'edge',
    what: 'claims decided/s over WebSocket, all winning',
    figure: 'metrics.decisionsPerSecond',
    least: 40_000,
    ...{ bare: 'limits.bareDecisionsPerSecond', ratio: 'ratios.decisions', leastRatio: 0.7 },
    peer: `3,176/s, p99 42 ms (${NEST}); 6,289/s (another's sample output)`,
  },
  {
    scenario: 'edge',
    what: 'claims decided/s once sold out',
    figure: 'metrics.soldOutPerSecond',
    ...{ bare: 'limits.bareSoldOutPerSecond', ratio: 'ratios.soldOut', leastRatio: 0.7 },
    peer: `5,037/s, p99 17 ms (${NEST}); 1,460/s, p99 215 ms (a Java peer)`,
  },
  {
    scenario: 'edge',
    what: 'p99 of a decision at half of the maximum, open loop, ms',
    figure: 'metrics.p99MsAtHalf',
    most: 25,
    ...{ bare: 'limits.bareP99MsAtHalf', ratio: 'ratios.p99AtHalf' },
    peer: `181 ms at 1,000/s, 2,628 ms at 2,000/s (${NEST}, open loop)`,
  },
  {
    scenario: 'orders',
    what: 'outbox → Kafka → PostgreSQL, durable orders/s',
    figure: 'metrics.ordersPerSecond',
    least: 15_000,
    ...{ bare: 'limits.bareOrdersPerSecond', ratio: 'ratios.orders', leastRatio: 0.6 },
    peer: '543/s (a NestJS + BullMQ peer, run here); 213/s (a Java peer, its own report)',
  },
  {
    scenario: 'line',
    what: 'sockets that wait at once',
    figure: 'metrics.sockets',
    least: 100_000,
    bare: 'limits.bareSockets',
    peer: '1 M idle sockets on an 8 GB laptop (a vendor)',
  },
  {
    scenario: 'line',
    what: 'memory of the edges for a socket, bytes',
    figure: 'metrics.bytesPerSocket',
    most: 8_000,
    needs: CROWD,
    ...{ bare: 'limits.bareBytesPerSocket', ratio: 'ratios.bytesPerSocket' },
    peer: null,
  },
  {
    scenario: 'line',
    what: 'a socket is told that the head moved, p99 at 100,000 sockets, ms',
    figure: 'metrics.headMoveP99Ms',
    most: 1_000,
    needs: CROWD,
    ...{ bare: 'limits.bareHeadMoveP99Ms', ratio: 'ratios.headMoveP99' },
    peer: '20 s polling',
  },
  {
    scenario: 'line',
    what: 'ETA interval holds the real admission, share of shoppers',
    figure: 'metrics.etaWithin',
    least: 0.9,
    peer: 'nobody reports it',
  },
  {
    scenario: 'line',
    what: 'ETA put off by more than its own width, times',
    figure: 'metrics.etaJumps',
    most: 0,
    peer: 'nobody reports it',
  },
  {
    scenario: 'store',
    what: 'search with facets, a million products, p99 ms',
    figure: 'metrics.searchP99Ms',
    most: 100,
    needs: CATALOG,
    peer: `25/s, p99 586 ms at 10,000 products; one word without a filter 3 to 5 s (${VENDURE})`,
  },
  {
    scenario: 'store',
    what: 'product page, p99 ms',
    figure: 'metrics.productP99Ms',
    most: 50,
    peer: `p99 89 ms (${VENDURE})`,
  },
  {
    scenario: 'store',
    what: 'product pages/s',
    figure: 'metrics.requestsPerSecond',
    least: 2_000,
    ...{ bare: 'limits.bareRequestsPerSecond', ratio: 'ratios.product' },
    peer: `159/s (${VENDURE})`,
  },
  {
    scenario: 'store',
    what: 'cart, p99 ms',
    figure: 'metrics.cartP99Ms',
    most: 100,
    peer: `59–144/s, p99 102–247 ms (${VENDURE})`,
  },
  { scenario: 'store', what: 'order status, p99 ms', figure: 'metrics.orderStatusP99Ms', most: 100, peer: null },
  {
    scenario: 'store',
    what: 'checkout, the provider answering at once, p99 ms',
    figure: 'metrics.checkoutP99Ms',
    most: 500,
    peer: `p99 884 ms (${VENDURE})`,
  },
  {
    scenario: 'store',
    what: 'checkouts, orders/s',
    figure: 'metrics.ordersPerSecond',
    least: 500,
    peer: `14/s; sold 100 of the last 10 units (${VENDURE})`,
  },
  {
    scenario: 'store',
    what: 'recommendations of shoppers not asked for before, p99 ms',
    figure: 'metrics.recommendationsP99Ms',
    most: 20,
    peer: null,
  },
  {
    scenario: 'stock',
    what: 'reservations/s of one hot article',
    figure: 'metrics.reservationsPerSecond',
    least: 2_000,
    ...{ bare: 'limits.bareReservationsPerSecond', ratio: 'ratios.reservations' },
    peer: null,
  },
  {
    scenario: 'sale',
    what: 'arrivals in the storm, times those of the calm',
    figure: 'metrics.burstFactor',
    least: 50,
    peer: null,
  },
  {
    scenario: 'sale',
    what: 'store while 50 × the calm load arrives and the stock goes, p99 ms',
    figure: 'metrics.stormStoreP99Ms',
    most: 200,
    needs: STORM,
    peer: null,
  },
  { scenario: 'sale', what: 'units oversold', figure: 'audit.oversold', most: 0, needs: STORM, peer: null },
  {
    scenario: 'sale',
    what: 'shoppers told SOLD_OUT while units were left',
    figure: 'metrics.soldOutLies',
    most: 0,
    needs: [...STORM, { figure: 'metrics.soldOutTold', least: 1 }],
    peer: null,
  },
  { scenario: 'sale', what: 'claims or orders lost', figure: 'audit.lost', most: 0, needs: STORM, peer: null },
  { scenario: 'sale', what: 'claims or orders doubled', figure: 'audit.duplicated', most: 0, needs: STORM, peer: null },
  {
    scenario: 'sale',
    what: 'ETA interval holds the real admission, share of shoppers',
    figure: 'metrics.etaWithin',
    least: 0.9,
    needs: [{ figure: 'metrics.etaShoppers', least: 100 }],
    peer: 'nobody reports it',
  },
  {
    scenario: null,
    what: '`npm start` where the packages are there, s to ready',
    figure: null,
    most: 15,
    peer: null,
    see: 'no bench: `npm start` prints how long it took',
  },
  {
    scenario: null,
    what: '`npm test`, minutes',
    figure: null,
    most: 10,
    peer: null,
    see: 'no bench: the test command says how long it took',
  },
];
