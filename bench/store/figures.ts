/** The figures of a report, from what was measured of each catalog. */
import { eachRatio, inRounds, type Rounded } from '../in-rounds.ts';
import { addCpu, bottleneckOf, type CpuUse, coresOf } from '../machine/cpu-use.ts';
import type { Audit } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import { median, round } from '../report/statistics.ts';
import type { Fired } from './generator/notes.ts';
import type { BareRound, KindRound, Measured } from './measure.ts';
import type { PurchaseRound } from './purchases.ts';
import { KINDS, type Kind } from './traffic.ts';

/** What answers, and what only asks. */
const ANSWERING = ['store', 'payments', 'postgres', 'redis', 'kafka'] as const;
/** Each of these thinks on one core at a time. */
const OF_ONE_CORE = ['generator', 'store', 'payments', 'redis', 'bare'];
const RATES: Readonly<Record<Kind, string>> = {
  search: 'searchesPerSecond',
  product: 'requestsPerSecond',
  cart: 'cartRequestsPerSecond',
  orderStatus: 'orderStatusPerSecond',
  recommendations: 'recommendationsPerSecond',
};

const speed = ({ full }: KindRound | BareRound): number => full.requestsPerSecond;
const calmP99 = ({ half }: KindRound): number => half.p99Ms;
const cpuMsOf = ({ cpu, full }: KindRound): number => answeringMs(cpu) / Math.max(1, full.requests);
const cpuMsOfOrder = ({ cpu, full }: PurchaseRound): number => answeringMs(cpu) / Math.max(1, full.orders.length);

function answeringMs(cpu: CpuUse): number {
  return ANSWERING.reduce((sum, name) => sum + (cpu.ms[name] ?? 0), 0);
}

export function figuresOf(measured: readonly Measured[], fsyncMs: number, coresOfMachine: number): Rounded {
  const last = measured.at(-1);
  if (last === undefined) throw new Error('Nothing was measured.');
  const { kinds, purchases, bare } = last;
  const ofKinds = KINDS.flatMap((kind) => {
    const rounds = kinds[kind];
    return [
      [`metrics.${kind}P99Ms`, { values: rounds.map(calmP99), digits: 1 }],
      [`metrics.${RATES[kind]}`, { values: rounds.map(speed) }],
      [`metrics.${kind}CpuMs`, { values: rounds.map(cpuMsOf), digits: 3 }],
    ] as const;
  });
  const rounded = inRounds({
    ...Object.fromEntries(ofKinds),
    'metrics.checkoutP99Ms': { values: purchases.rounds.map(({ half }) => half.both.p99Ms), digits: 1 },
    'metrics.ordersPerSecond': { values: purchases.rounds.map(({ full }) => full.ordersPerSecond) },
    'metrics.checkoutCpuMs': { values: purchases.rounds.map(cpuMsOfOrder), digits: 2 },
    'metrics.paidAfterMs': { values: purchases.rounds.map(({ paidAfterMs }) => paidAfterMs) },
    'limits.bareRequestsPerSecond': { values: bare.map(speed) },
    'limits.bareP99Ms': { values: bare.map(({ full }) => full.p99Ms), digits: 1 },
    'limits.bareP99MsAtSameRate': { values: bare.map(({ same }) => same.p99Ms), digits: 1 },
    'limits.bareCpuMs': {
      values: bare.map(({ cpu, full }) => (cpu.ms['bare'] ?? 0) / Math.max(1, full.requests)),
      digits: 3,
    },
    'ratios.product': { values: eachRatio<KindRound | BareRound>(kinds.product, bare, speed), digits: 3 },
  });
  const page = addCpu(kinds.product.map(({ cpu }) => cpu));
  const bottlenecks = new Map([
    ...KINDS.map((kind) => [kind, bottleneckOfRounds(kinds[kind], coresOfMachine)] as const),
    ['checkout', bottleneckOfRounds(purchases.rounds, coresOfMachine)] as const,
  ]);
  return {
    ...rounded,
    metrics: {
      ...rounded.metrics,
      storeCores: round(coresOf(page, 'store'), 2),
      generatorCores: round(coresOf(page, 'generator'), 2),
      bottleneck: bottlenecks.get('product') ?? 'unknown',
      checkoutBottleneck: bottlenecks.get('checkout') ?? 'unknown',
      searchBottleneck: bottlenecks.get('search') ?? 'unknown',
      generatorWasFull: fullGenerator(bottlenecks),
      seedSeconds: round(last.seedSeconds, 1),
      fsyncMs,
    },
    limits: { ...rounded.limits, bareBottleneck: bottleneckOfRounds(bare, coresOfMachine) },
  };
}

/** Of which kinds of request; null for none. */
function fullGenerator(bottlenecks: ReadonlyMap<string, string>): string | null {
  const kinds = [...bottlenecks].flatMap(([kind, what]) => (what === 'generator' ? [kind] : []));
  return kinds.length === 0 ? null : kinds.join(', ');
}

function bottleneckOfRounds(rounds: readonly { readonly cpu: CpuUse }[], coresOfMachine: number): string {
  return bottleneckOf(addCpu(rounds.map(({ cpu }) => cpu)), OF_ONE_CORE, coresOfMachine);
}

/** By kind of request, of one catalog. */
export function rowsOf({ products, kinds, purchases, bare }: Measured, coresOfMachine: number): Figures[] {
  const at = (values: readonly number[], digits = 1): number => round(median(values), digits);
  const bought = purchases.rounds;
  return [
    {
      ...{
        products,
        what: 'checkout and order',
        'req/s': at(
          bought.map(({ full }) => full.ordersPerSecond),
          0,
        ),
      },
      'p50 ms': at(bought.map(({ half }) => half.both.p50Ms)),
      'p99 ms': at(bought.map(({ half }) => half.both.p99Ms)),
      'max ms': Math.max(...bought.map(({ half }) => half.both.maxMs)),
      'p99 ms at full speed': at(bought.map(({ full }) => full.both.p99Ms)),
      ...costOf(bought, ({ full }) => full.orders.length, coresOfMachine),
    },
    ...KINDS.map((kind) => ({
      ...{ products, what: kind },
      ...ratesOf(
        kinds[kind].map(({ full }) => full),
        kinds[kind].map(({ half }) => half),
      ),
      ...costOf(kinds[kind], ({ full }) => full.requests, coresOfMachine),
    })),
    {
      ...{ products, what: 'bare route' },
      ...ratesOf(
        bare.map(({ full }) => full),
        bare.map(({ same }) => same),
      ),
      ...costOf(bare, ({ full }) => full.requests, coresOfMachine),
    },
  ];
}

function ratesOf(full: readonly Fired[], half: readonly Fired[]): Figures {
  const at = (runs: readonly Fired[], figure: (run: Fired) => number, digits = 1): number =>
    round(median(runs.map(figure)), digits);
  return {
    'req/s': at(full, (run) => run.requestsPerSecond, 0),
    'p50 ms': at(half, (run) => run.p50Ms),
    'p99 ms': at(half, (run) => run.p99Ms),
    'max ms': Math.max(...half.map((run) => run.maxMs)),
    'p99 ms at full speed': at(full, (run) => run.p99Ms),
  };
}

/** CPU time of a request by process, and what was full. */
function costOf<T extends { readonly cpu: CpuUse }>(
  rounds: readonly T[],
  requestsOf: (round: T) => number,
  coresOfMachine: number,
): Figures {
  const cpu = addCpu(rounds.map((one) => one.cpu));
  const requests = Math.max(
    1,
    rounds.reduce((sum, one) => sum + requestsOf(one), 0),
  );
  const ms = (name: string): number => round((cpu.ms[name] ?? 0) / requests, 3);
  return {
    ...{ 'store ms': ms('store') + ms('bare'), 'postgres ms': ms('postgres'), 'redis ms': ms('redis') },
    ...{ 'payments ms': ms('payments'), 'generator ms': ms('generator') },
    'generator cores': round(coresOf(cpu, 'generator'), 2),
    full: bottleneckOf(cpu, OF_ONE_CORE, coresOfMachine),
  };
}

/** A fast answer that is a refusal is none. */
export function auditOf(measured: readonly Measured[], more: readonly string[]): Audit {
  const found = measured.flatMap(({ products, kinds, purchases }) => [
    ...KINDS.flatMap((kind) => {
      const failed = kinds[kind].reduce((sum, { full, half }) => sum + full.failed + half.failed, 0);
      return failed === 0
        ? []
        : [`${failed} requests of ${kind} on ${products} products were not answered with success`];
    }),
    ...purchases.rounds
      .flatMap(({ full, half }) => [full, half])
      .flatMap(({ failed, failure }) =>
        failed === 0 ? [] : [`${failed} purchases on ${products} products failed, the first with: ${failure}`],
      ),
    ...purchases.problems,
  ]);
  const problems = [...found, ...more];
  return { ok: problems.length === 0, oversold: 0, lost: 0, duplicated: 0, problems };
}
