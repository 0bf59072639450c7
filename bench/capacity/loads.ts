/** What a plan is made for. The four figures of the first lines are the highest that anybody has published. */

export interface Loads {
  /** Claims that edges decide in a second, won or refused. */
  readonly requestsPerSecond: number;
  readonly waitingShoppers: number;
  /** Claims that win in a second on one article of one drop. */
  readonly hotUpdatesPerSecond: number;
  /** Over all drops: each is a claim that won. */
  readonly ordersPerSecond: number;
  /** Of the shop around the drops, in the mix of `MIX`. */
  readonly storeRequestsPerSecond: number;
  /** All who wait come within this time. */
  readonly arrivalSeconds: number;
  /** How often in a second everybody who waits is told where the head is. */
  readonly tellsPerSecond: number;
  /** How long the peak lasts. */
  readonly peakSeconds: number;
  /** By how much the last order may be durable later than the peak is over; its claim was durable at once. */
  readonly drainSeconds: number;
  readonly fsyncMs: number;
  /** What a process or a node may be used to at the peak, of 1. */
  readonly utilisation: number;
  readonly coresPerMachine: number;
  readonly memGiBPerMachine: number;
  /** Further copies of each Redis and of each PostgreSQL. */
  readonly replicas: number;
  /** Copies of each Kafka partition, the first one included. */
  readonly kafkaCopies: number;
}

export const DEFAULT_LOADS: Loads = {
  requestsPerSecond: 5_750_000,
  waitingShoppers: 1_000_000,
  hotUpdatesPerSecond: 50_000,
  ordersPerSecond: 583_000,
  storeRequestsPerSecond: 50_000,
  arrivalSeconds: 300,
  // An edge of 3,300 shoppers, about as many as are planned for one, waits half a second (INTERVALS.headMovePerShopperMs).
  tellsPerSecond: 2,
  peakSeconds: 60,
  drainSeconds: 0,
  fsyncMs: 2,
  utilisation: 0.6,
  coresPerMachine: 16,
  memGiBPerMachine: 64,
  replicas: 1,
  kafkaCopies: 3,
};

export const LOAD_NAMES = Object.keys(DEFAULT_LOADS).filter((name): name is keyof Loads => name in DEFAULT_LOADS);

/** Shares of the store's requests. An assumption: nobody publishes theirs. A purchase is two of them, checkout and order. */
export const MIX = { product: 0.7, search: 0.15, cart: 0.1, orderStatus: 0.03, checkout: 0.02 } as const;

export interface Option {
  readonly flag: string;
  readonly about: string;
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

const count = (flag: string, about: string, least = 1, most = 1e9): Option => ({
  flag,
  about,
  least,
  most,
  whole: true,
});
const amount = (flag: string, about: string, least: number, most: number): Option => ({
  ...{ flag, about, least, most, whole: false },
});

export const OPTIONS: Readonly<Record<keyof Loads, Option>> = {
  requestsPerSecond: count('requests', 'claims that edges decide in a second, won or refused'),
  waitingShoppers: count('waiting', 'shoppers who wait in line at once', 0),
  hotUpdatesPerSecond: count('hot-updates', 'claims that win in a second on one article of one drop'),
  ordersPerSecond: count('orders', 'claims that win in a second over all drops: each becomes an order'),
  storeRequestsPerSecond: count('store-requests', 'requests in a second to the shop around the drops', 0),
  arrivalSeconds: amount('arrival-seconds', 'time in which all who wait come', 1, 86_400),
  tellsPerSecond: amount('tells', 'times in a second that all who wait are told of the head', 0, 10),
  peakSeconds: amount('peak-seconds', 'how long the peak lasts', 1, 86_400),
  drainSeconds: amount('drain-seconds', 'time after the peak in which the last order may become durable', 0, 86_400),
  fsyncMs: amount('fsync-ms', 'what an fsync takes on the disks of the servers', 0.01, 100),
  utilisation: amount('utilisation', 'what a process may be used to at the peak, of 1', 0.05, 1),
  coresPerMachine: count('cores', 'cores of a machine', 1, 1_024),
  memGiBPerMachine: count('memory-gib', 'memory of a machine', 1, 65_536),
  replicas: count('replicas', 'further copies of each Redis and each PostgreSQL', 0, 9),
  kafkaCopies: count('kafka-copies', 'copies of each Kafka partition, the first one included', 1, 9),
};

/** What no figure by itself shows to be wrong. */
export function problemsOf(loads: Loads): string[] {
  return [
    ...(loads.ordersPerSecond > loads.requestsPerSecond
      ? ['--orders is larger than --requests: each order is a request that won.']
      : []),
    ...(loads.hotUpdatesPerSecond > loads.ordersPerSecond
      ? ['--hot-updates is larger than --orders: what wins on one article is an order too.']
      : []),
  ];
}
