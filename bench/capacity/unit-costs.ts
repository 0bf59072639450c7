/** What one piece of work costs, from the reports. The one place that knows which figure of which report stands for what. */
import { LIMITS } from '../../contracts/limits.ts';
import { CLOUD_FSYNC_MS } from '../machine/fsync-time.ts';
import { sharesOf, straightThrough } from './fit.ts';
import { figureAt, type Reports } from './reports.ts';
import { type Cost, createSeeker, type Seeker } from './seek.ts';

export interface UnitCosts {
  readonly edge: {
    readonly wonUs: Cost;
    readonly refusedUs: Cost;
    readonly joinUs: Cost;
    /** To tell one who waits where the head is. */
    readonly tellUs: Cost;
    /** Of a core, by an edge with a line that nothing happens in, and by each who waits there. */
    readonly idleCores: Cost;
    readonly idleCoresPerSocket: Cost;
    readonly bytes: Cost;
    readonly bytesPerSocket: Cost;
  };
  readonly redis: {
    readonly claimUs: Cost;
    /** Where claims are of many drops and regions, whose batches are less full; undefined where the report does not say. */
    readonly spreadClaimUs: Cost | undefined;
    /** One claim after the other in full batches: without waiting for the disk, and for each ms of an fsync. */
    readonly claimUsWithoutDisk: Cost;
    readonly claimUsPerFsyncMs: Cost;
    /** One call of the claim script beside its claims. */
    readonly callUs: Cost;
    /** On the home shard of a line: undefined where the report does not say. */
    readonly joinUs: Cost | undefined;
    readonly bytesPerClaim: Cost;
    readonly bytesPerPlace: Cost;
  };
  readonly orders: {
    readonly relayUs: Cost;
    readonly writerUs: Cost;
    readonly kafkaUs: Cost;
    readonly postgresUs: Cost;
    /** Orders a second through one partition. */
    readonly perPartition: Cost;
    /** The most that one PostgreSQL was seen to write. */
    readonly mostPerPostgres: Cost;
  };
  readonly store: Readonly<Record<StoreKind, StoreCost>>;
}

export const STORE_KINDS = ['product', 'search', 'cart', 'orderStatus', 'checkout'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

export interface StoreCost {
  readonly storeUs: Cost;
  readonly postgresUs: Cost;
}

export type Known =
  | { readonly ok: true; readonly costs: UnitCosts }
  | { readonly ok: false; readonly problems: readonly string[] };

const US_PER_SECOND = 1_000_000;
const US_PER_MS = 1_000;

export function readUnitCosts(reports: Reports): Known {
  const seeker = createSeeker(reports);
  const costs = {
    edge: edgeCosts(seeker, reports),
    redis: redisCosts(seeker, reports),
    orders: orderCosts(seeker),
    store: storeCosts(seeker, reports),
  };
  const problems = seeker.missing.length > 0 ? [...new Set(seeker.missing)] : uselessIn(costs);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, costs };
}

/** A curve with one point, or two that are the same, fits nothing: a report of --quick has such. */
function uselessIn(costs: UnitCosts): string[] {
  const { store, ...others } = costs;
  const groups: readonly object[] = [...Object.values(others), ...Object.values(store)];
  const all = groups.flatMap((group): (Cost | undefined)[] => Object.values(group));
  const useless = all.filter((cost) => cost !== undefined && !(Number.isFinite(cost.value) && cost.value >= 0));
  return [
    ...new Set(useless.map((cost) => `${cost?.from} gives no figure to plan with; measure it anew without --quick.`)),
  ];
}

/** Small crowds show what an edge takes by itself, large ones what each socket adds. */
export function lineShares(
  seeker: Seeker,
): Pick<UnitCosts['edge'], 'idleCores' | 'idleCoresPerSocket' | 'bytes' | 'bytesPerSocket'> {
  const at = (pick: 'first' | 'last', column: string): number =>
    seeker.seek('line', '', `curves.sockets[${pick}].${column}`).value;
  const amount = (pick: 'first' | 'last', y: number) => ({ a: at(pick, 'edges'), b: at(pick, 'sockets'), y });
  const bytesOf = (pick: 'first' | 'last'): number => at(pick, 'bytes/socket') * at(pick, 'sockets');
  const memory = sharesOf(amount('first', bytesOf('first')), amount('last', bytesOf('last')));
  const idle = sharesOf(amount('first', at('first', 'idle cores')), amount('last', at('last', 'idle cores')));
  const from = (column: string): string => `line curves.sockets, first and last: ${column}`;
  return {
    idleCores: { value: Math.max(0, idle.perA), unit: 'cores', from: from('idle cores') },
    idleCoresPerSocket: { value: Math.max(0, idle.perB), unit: 'cores', from: from('idle cores') },
    bytes: { value: Math.max(0, memory.perA), unit: 'bytes', from: from('bytes/socket') },
    bytesPerSocket: { value: memory.perB, unit: 'bytes', from: from('bytes/socket') },
  };
}

function edgeCosts(seeker: Seeker, reports: Reports): UnitCosts['edge'] {
  const cores = reports.line?.machine.cores ?? 1;
  const joins = seeker.seek('line', 'joins/s', 'metrics.joinsPerSecond');
  return {
    wonUs: seeker.seek('edge', 'µs', 'metrics.edgeUsPerDecision'),
    refusedUs: seeker.seek('edge', 'µs', 'metrics.edgeUsPerSoldOut'),
    joinUs: seeker.peek('line', 'µs', 'metrics.edgeUsPerJoin') ?? {
      value: (cores * US_PER_SECOND) / joins.value,
      unit: 'µs',
      from: `at most: all ${cores} cores of the machine ÷ ${joins.from}`,
    },
    tellUs: tellCost(seeker, cores),
    ...lineShares(seeker),
  };
}

/** With what edges use anyway between two moves, as an upper bound: less that, it was a difference of two figures as large. */
function tellCost(seeker: Seeker, cores: number): Cost {
  const measured = seeker.peek('line', 'µs', 'metrics.edgeUsPerTold');
  if (measured !== undefined) return measured;
  const told = straightThrough(headPoint(seeker, 'first'), headPoint(seeker, 'last'));
  return {
    value: told.each * cores * US_PER_MS,
    unit: 'µs',
    from: `at most: all ${cores} cores while a move travels, line curves.sockets, first and last: head p99 ms`,
  };
}

function headPoint(seeker: Seeker, pick: 'first' | 'last') {
  return {
    x: seeker.seek('line', '', `curves.sockets[${pick}].sockets`).value,
    y: seeker.seek('line', '', `curves.sockets[${pick}].head p99 ms`).value,
  };
}

export interface RedisTimes {
  readonly claimUsWithoutDisk: number;
  readonly claimUsPerFsyncMs: number;
}

/** By what the same load took with a faster and with a slower disk. */
function diskTimes(
  fast: { fsyncMs: number; perSecond: number },
  slow: { fsyncMs: number; perSecond: number },
): RedisTimes {
  const point = ({ fsyncMs, perSecond }: typeof fast) => ({ x: fsyncMs, y: US_PER_SECOND / perSecond });
  const { fixed, each } = straightThrough(point(fast), point(slow));
  return { claimUsWithoutDisk: fixed, claimUsPerFsyncMs: each };
}

function redisCosts(seeker: Seeker, reports: Reports): UnitCosts['redis'] {
  const fsyncMs = seeker.seek('core', 'ms', 'metrics.fsyncMs').value;
  const fast = seeker.seek('core', 'claims/s', 'metrics.claimsPerSecond');
  const slow = seeker.seek('core', 'claims/s', 'metrics.claimsPerSecondAt2MsFsync');
  const times = diskTimes({ fsyncMs, perSecond: fast.value }, { fsyncMs: CLOUD_FSYNC_MS, perSecond: slow.value });
  const from = `${fast.from} and claimsPerSecondAt2MsFsync`;
  const inFlight = figureAt(reports.core, 'settings.batchesInFlight') ?? LIMITS.batchesInFlight;
  return {
    claimUs: seeker.seek('core', 'µs', 'metrics.redisUsPerClaim'),
    spreadClaimUs: seeker.peek('core', 'µs', 'curves.regions[last].Redis us/claim'),
    claimUsWithoutDisk: { value: times.claimUsWithoutDisk, unit: 'µs', from },
    claimUsPerFsyncMs: { value: times.claimUsPerFsyncMs, unit: 'µs', from },
    callUs: callCost(seeker, fsyncMs, inFlight),
    joinUs: seeker.peek('line', 'µs', 'metrics.redisUsPerJoin'),
    bytesPerClaim: seeker.seek('core', 'bytes', 'metrics.bytesPerShopper'),
    bytesPerPlace: seeker.seek('core', 'bytes', 'metrics.bytesPerPlace'),
  };
}

/** The time of a claim by the size of its batch: what is spent once a call, and once a claim. */
export function batchTimes(small: { batch: number; perSecond: number }, large: { batch: number; perSecond: number }) {
  const point = ({ batch, perSecond }: typeof small) => ({ x: 1 / batch, y: US_PER_SECOND / perSecond });
  const { fixed, each } = straightThrough(point(small), point(large));
  return { usPerClaim: fixed, usPerCall: each };
}

/** Small calls under way at once share one fsync: the rest of what a call takes is its own. */
function callCost(seeker: Seeker, fsyncMs: number, inFlight: number): Cost {
  const at = (batch: number) => ({
    batch,
    perSecond: seeker.seek('core', 'claims/s', `curves.batch[batch=${batch}].claims/s`).value,
  });
  const { usPerCall } = batchTimes(at(1), at(LIMITS.claimBatch));
  const value = Math.max(0, usPerCall - (fsyncMs * US_PER_MS) / inFlight);
  return {
    value,
    unit: 'µs',
    from: `core curves.batch, 1 and ${LIMITS.claimBatch}: claims/s, less its share of an fsync`,
  };
}

function orderCosts(seeker: Seeker): UnitCosts['orders'] {
  const us = (process: string): Cost =>
    seeker.seek('orders', 'µs', `metrics.${process}UsPerOrder`, `curves.partitions[last].${process} us`);
  const [whole, alone] = (['ordersPerSecond', 'writerAlonePerSecond'] as const).map((name) =>
    seeker.seek('orders', 'orders/s', `metrics.${name}`),
  );
  const most = (alone?.value ?? 0) > (whole?.value ?? 0) ? alone : whole;
  return {
    relayUs: us('relay'),
    writerUs: us('orders'),
    kafkaUs: us('kafka'),
    postgresUs: us('postgres'),
    perPartition: seeker.seek('orders', 'orders/s', 'curves.partitions[partitions=1].orders/s'),
    mostPerPostgres: most ?? seeker.seek('orders', 'orders/s', 'metrics.ordersPerSecond'),
  };
}

/** How the rates of the store are called in a report. */
const STORE_RATES = {
  product: 'requestsPerSecond',
  search: 'searchesPerSecond',
  cart: 'cartRequestsPerSecond',
  orderStatus: 'orderStatusPerSecond',
  checkout: 'ordersPerSecond',
} as const satisfies Record<StoreKind, string>;

function storeCosts(seeker: Seeker, reports: Reports): UnitCosts['store'] {
  const of = (kind: StoreKind): StoreCost => storeCost(seeker, kind, reports.store?.machine.cores ?? 1);
  return {
    product: of('product'),
    search: of('search'),
    cart: of('cart'),
    orderStatus: of('orderStatus'),
    checkout: of('checkout'),
  };
}

function storeCost(seeker: Seeker, kind: StoreKind, cores: number): StoreCost {
  const what = kind === 'checkout' ? 'checkout and order' : kind;
  const of = (process: string): Cost | undefined => {
    const found = seeker.peek('store', 'µs', `curves.products[last,what=${what}].${process} ms`);
    return found === undefined ? undefined : { ...found, value: found.value * US_PER_MS };
  };
  const [storeUs, postgresUs] = [of('store'), of('postgres')];
  if (storeUs !== undefined && postgresUs !== undefined) return { storeUs, postgresUs };
  const rate = seeker.seek('store', 'req/s', `metrics.${STORE_RATES[kind]}`);
  const bound: Cost = {
    value: (cores * US_PER_SECOND) / rate.value,
    unit: 'µs',
    from: `at most: all ${cores} cores of the machine ÷ ${rate.from}`,
  };
  return { storeUs: bound, postgresUs: bound };
}
