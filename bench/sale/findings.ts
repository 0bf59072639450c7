/** The figures of a sale, from its rounds. */
import { availableParallelism } from 'node:os';
import { tellEdgeSettings } from '../edge/edge-settings.ts';
import { type Calibration, calibrate } from '../line/eta/calibration.ts';
import { addCpu, bottleneckOf, coresOf, isDisturbed } from '../machine/cpu-use.ts';
import { joinAudits } from '../report/audit.ts';
import type { Figure, Figures } from '../report/figures.ts';
import { median, round } from '../report/statistics.ts';
import type { Findings } from '../scenario.ts';
import { chartsOf, sinceLobby } from './charts.ts';
import type { LatencyName } from './crowd/notes.ts';
import { joinHistograms, percentileMs } from './histograms.ts';
import { notesOf } from './notes-of.ts';
import type { Round } from './round.ts';
import type { SaleGiven } from './sale-given.ts';
import type { SaleSize } from './size.ts';
import { WORKERS } from './stage.ts';
import { tablesOf } from './tables.ts';

const LIKELY = 0.5;
const P50 = 50;
const P99 = 99;
const ONE_CORE_EACH = ['crowd', 'shopping', 'store', 'edge', 'redis', 'orders', 'payments', 'relay', 'gateway'];
const GENERATORS = ['crowd', 'shopping'];

export function findingsOf(given: SaleGiven): Findings {
  const { context, size, rounds, fsyncMs, versions } = given;
  const each = rounds.map((one) => measuresOf(one, size));
  const storm = addCpu(rounds.map(({ stormCpu }) => stormCpu));
  const { admission, ...sizes } = size;
  const cores = availableParallelism();
  const bottleneck = bottleneckOf(storm, ONE_CORE_EACH, cores);
  return {
    settings: {
      ...{
        seconds: size.stormSeconds,
        rounds: rounds.length,
        quick: context.quick,
        doctored: context.doctored,
        ...sizes,
      },
      ...{
        admittedPerSecond: admission.perSecond,
        activePasses: admission.maxActive,
        storeProcesses: 1,
        workers: WORKERS.join(' '),
      },
      ...{ edgeSettings: tellEdgeSettings(), appendfsync: 'always' },
    },
    metrics: {
      ...mediansOf(each),
      generatorCores: round(
        GENERATORS.reduce((sum, name) => sum + coresOf(storm, name), 0),
        2,
      ),
      bottleneck: GENERATORS.includes(bottleneck) ? 'generator' : bottleneck,
      disturbedRounds: rounds.filter(({ stormCpu }) => isDisturbed(stormCpu, cores)).length,
      fsyncMs,
    },
    limits: {},
    ratios: { stormOfCalmP99: ratioOf(each) },
    curves: {},
    samples: samplesOf(each),
    charts: chartsOf(rounds),
    audit: joinAudits([given.warmUp, ...rounds].map(({ audit }) => audit)),
    servers: { ...versions, kafka: 'started' },
    tables: tablesOf(rounds),
    notes: notesOf(given),
  };
}

/** Of one round. */
function measuresOf(one: Round, size: SaleSize): Figures {
  const { calm, storm, told, milestones, paidOrders, wholeCpu, audit, soldOut } = one;
  const sum = (what: (of: Round['told'][number]) => number): number => told.reduce((all, of) => all + what(of), 0);
  const arrivalsPerSecond = sum(({ arrived }) => arrived) / size.stormSeconds;
  const waits = told.flatMap((of) => [...of.waits]);
  const eta: Calibration = calibrate(waits);
  const likely: Calibration = calibrate(waits.filter(({ odds }) => odds >= LIKELY));
  const took = (name: LatencyName, percentile: number): Figure =>
    percentileMs(joinHistograms(told.map(({ latencies }) => latencies[name])), percentile);
  const shopMs = (phase: Round['calm'], percentile: number): Figure =>
    percentileMs(joinHistograms([phase.probe.latencies]), percentile);
  const cpuMs = Object.values(wholeCpu.ms).reduce<number>((all, ms) => all + (ms ?? 0), 0);
  const ours = cpuMs - GENERATORS.reduce((all, name) => all + (wholeCpu.ms[name] ?? 0), 0);
  return {
    // A shop too slow for its ordinary day would make every storm look larger than it was.
    burstFactor: round(arrivalsPerSecond / Math.max(size.calmPerSecond, calm.arrivalsPerSecond), 2),
    arrivalsPerSecond: round(arrivalsPerSecond, 1),
    calmArrivalsPerSecond: round(calm.arrivalsPerSecond, 2),
    stormShopArrivalsPerSecond: round(storm.arrivalsPerSecond, 2),
    ...{ calmStoreP50Ms: shopMs(calm, P50), calmStoreP99Ms: shopMs(calm, P99) },
    ...{ stormStoreP50Ms: shopMs(storm, P50), stormStoreP99Ms: shopMs(storm, P99) },
    storeRequestsMeasured: storm.probe.requests,
    ...{ stormStoreBusy: storm.mix.busy + storm.probe.busy, calmStoreBusy: calm.mix.busy + calm.probe.busy },
    ...{ joined: sum(({ kinds }) => total(kinds, 'joined')), admitted: sum(({ kinds }) => total(kinds, 'admitted')) },
    ...{ claimed: sum(({ claimIds }) => claimIds.length), ordersPaid: paidOrders, orders: one.allOrders },
    ...{ joinP99Ms: took('joinLive', P99), claimP50Ms: took('decisionWon', P50), claimP99Ms: took('decisionWon', P99) },
    ...{ soldOutAnswerP99Ms: took('decisionRefused', P99), generatorLateP99Ms: took('late', P99) },
    ...{ etaWithin: round(eta.within, 4), etaEarly: round(eta.early, 4), etaLate: round(eta.late, 4) },
    ...{ etaWithinLikely: round(likely.within, 4), etaShoppersLikely: likely.shoppers },
    ...{ etaShoppers: eta.shoppers, etaJumps: eta.jumps },
    ...{ etaWaitP50Ms: round(eta.waitP50Ms), etaWidthP50Ms: round(eta.widthP50Ms) },
    soldOutAfterSeconds: sinceLobby(one, milestones.soldOutAtMs),
    ...{ firstReturnAfterSeconds: sinceLobby(one, milestones.firstReturnAtMs), returns: milestones.returns },
    drainedAfterMs: one.drainedAfterMs,
    ...{ cpuMsPerOrder: perOrder(ours, paidOrders, 2), redisBytesPerOrder: perOrder(one.redisBytes, paidOrders, 0) },
    ...{ soldOutTold: soldOut.told, soldOutLies: soldOut.lies },
    ...{ oversold: audit.oversold, lost: audit.lost, duplicated: audit.duplicated },
    ...{ chargedTwice: one.chargedTwice, chargedForNothing: one.chargedForNothing },
    ...{ mostSockets: sum(({ mostSockets }) => mostSockets), cutAndBack: sum(({ cutAndBack }) => cutAndBack) },
  };
}

function total(kinds: Round['told'][number]['kinds'], what: 'joined' | 'admitted'): number {
  return kinds.reduce((sum, kind) => sum + kind[what], 0);
}

const perOrder = (all: number, orders: number, digits: number): Figure =>
  orders === 0 ? null : round(all / orders, digits);

/** Of what must never happen, all rounds count; of the rest, the middle one. */
const SUMMED = ['oversold', 'lost', 'duplicated', 'chargedTwice', 'chargedForNothing', 'soldOutLies'];

function mediansOf(each: readonly Figures[]): Figures {
  const names = Object.keys(each[0] ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const values = numbersOf(each, name);
      if (values.length < each.length) return [name, null];
      return [name, SUMMED.includes(name) ? values.reduce((sum, value) => sum + value, 0) : median(values)];
    }),
  );
}

function numbersOf(each: readonly Figures[], name: string): number[] {
  return each.flatMap((figures) => {
    const value = figures[name];
    return typeof value === 'number' ? [value] : [];
  });
}

function ratioOf(each: readonly Figures[]): Figure {
  const ratios = each.flatMap(({ calmStoreP99Ms, stormStoreP99Ms }) =>
    typeof calmStoreP99Ms === 'number' && typeof stormStoreP99Ms === 'number' ? [stormStoreP99Ms / calmStoreP99Ms] : [],
  );
  return ratios.length === 0 ? null : round(median(ratios), 2);
}

const SAMPLED = [
  ...['burstFactor', 'arrivalsPerSecond', 'calmStoreP99Ms', 'stormStoreP99Ms', 'claimed', 'ordersPaid', 'etaWithin'],
  ...['joinP99Ms', 'claimP99Ms', 'soldOutAnswerP99Ms', 'cpuMsPerOrder', 'redisBytesPerOrder', 'drainedAfterMs'],
];

function samplesOf(each: readonly Figures[]): Record<string, number[]> {
  return Object.fromEntries(SAMPLED.map((name) => [`metrics.${name}`, numbersOf(each, name)]));
}
