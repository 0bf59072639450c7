/** Counts what the shoppers of one generator lived through, by kind, by second, and by what must never happen. */
import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { KIND_NAMES, type KindName } from './kinds.ts';
import { COUNTED, type CountedName, type KindTold, LATENCIES, type LatencyName, type SoldOutTold } from './notes.ts';

const US_PER_MS = 1_000;
const MS_PER_SECOND = 1_000;
const HIGHEST_US = 600_000_000;
/** Refusals SOLD_OUT within so long are held against the stock together. */
const SOLD_OUT_SLICE_MS = 50;
const MOST_SECONDS = 3_600;

const KIND_COUNTS = ['shoppers', 'joined', 'admitted', 'winners', 'units', 'paid', 'cancelled'] as const;
type KindCount = (typeof KIND_COUNTS)[number];

export interface Tally {
  /** The first shopper is due now: seconds count from here. */
  begin(atMs: number): void;
  count(kind: KindName, what: KindCount): void;
  inSecond(what: CountedName): void;
  took(what: LatencyName, ms: number): void;
  waited(kind: KindName, ms: number): void;
  decided(kind: KindName, ms: number): void;
  refused(kind: KindName, code: string): void;
  soldOut(region: string, fromMs: number, untilMs: number): void;
  wrong(what: string, times?: number): void;
  won(claimId: string): void;
  paid(orderId: string): void;
  /** A claim whose shopper never learned what became of it, since they were cut off. */
  unknown(times?: number): void;
  told(): {
    readonly kinds: readonly KindTold[];
    readonly latencies: Readonly<Record<LatencyName, string>>;
    readonly bySecond: Readonly<Record<CountedName, readonly number[]>>;
    readonly soldOut: readonly SoldOutTold[];
    readonly wrongs: Readonly<Record<string, number>>;
    readonly claimIds: readonly string[];
    readonly paidIds: readonly string[];
    readonly unknown: number;
  };
}

interface OfKind {
  readonly counts: Record<KindCount, number>;
  readonly refused: Record<string, number>;
  readonly waits: Histogram;
  readonly decisions: Histogram;
}

export function createTally(): Tally {
  const kinds = new Map<KindName, OfKind>();
  const latencies = new Map<LatencyName, Histogram>();
  const bySecond = new Map<CountedName, number[]>();
  const soldOut = new Map<string, SoldOutTold>();
  const wrongs: Record<string, number> = {};
  const [claimIds, paidIds] = [new Set<string>(), new Set<string>()];
  let [fromMs, unknown] = [Number.POSITIVE_INFINITY, 0];

  const of = (kind: KindName): OfKind => getOrMake(kinds, kind, newKind);
  return {
    begin(atMs) {
      fromMs = atMs;
    },
    count(kind, what) {
      of(kind).counts[what] += 1;
    },
    inSecond(what) {
      const second = Math.floor((Date.now() - fromMs) / MS_PER_SECOND);
      if (second < 0 || second >= MOST_SECONDS) return;
      const counts = getOrMake(bySecond, what, () => []);
      while (counts.length <= second) counts.push(0);
      counts[second] = (counts[second] ?? 0) + 1;
    },
    took: (what, ms) => record(getOrMake(latencies, what, newHistogram), ms),
    waited: (kind, ms) => record(of(kind).waits, ms),
    decided: (kind, ms) => record(of(kind).decisions, ms),
    refused(kind, code) {
      const { refused } = of(kind);
      refused[code] = (refused[code] ?? 0) + 1;
    },
    soldOut(region, askedMs, toldMs) {
      const fromMs = Math.floor(askedMs / SOLD_OUT_SLICE_MS) * SOLD_OUT_SLICE_MS;
      const untilMs = Math.ceil(toldMs / SOLD_OUT_SLICE_MS) * SOLD_OUT_SLICE_MS;
      const name = `${region} ${fromMs} ${untilMs}`;
      soldOut.set(name, { region, fromMs, untilMs, count: (soldOut.get(name)?.count ?? 0) + 1 });
    },
    wrong(what, times = 1) {
      if (times > 0) wrongs[what] = (wrongs[what] ?? 0) + times;
    },
    won: (claimId) => void claimIds.add(claimId),
    paid: (orderId) => void paidIds.add(orderId),
    unknown(times = 1) {
      unknown += times;
    },
    told: () => ({
      kinds: KIND_NAMES.map((kind) => {
        const { counts, refused, waits, decisions } = of(kind);
        return { kind, ...counts, refused, waits: packed(waits), decisions: packed(decisions) };
      }),
      latencies: byName(LATENCIES, (name) => packed(getOrMake(latencies, name, newHistogram))),
      bySecond: byName(COUNTED, (name) => bySecond.get(name) ?? []),
      ...{ soldOut: [...soldOut.values()], wrongs, claimIds: [...claimIds], paidIds: [...paidIds], unknown },
    }),
  };
}

function newKind(): OfKind {
  const counts = { shoppers: 0, joined: 0, admitted: 0, winners: 0, units: 0, paid: 0, cancelled: 0 };
  return { counts, refused: {}, waits: newHistogram(), decisions: newHistogram() };
}

function newHistogram(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: HIGHEST_US, numberOfSignificantValueDigits: 3 });
}

function record(histogram: Histogram, ms: number): void {
  histogram.recordValue(Math.min(HIGHEST_US, Math.max(1, Math.round(ms * US_PER_MS))));
}

const packed = (histogram: Histogram): string => encodeIntoCompressedBase64(histogram);

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function byName<N extends string, V>(names: readonly N[], make: (name: N) => V): Record<N, V> {
  // Object.fromEntries forgets which names there are.
  const values: Partial<Record<N, V>> = {};
  for (const name of names) values[name] = make(name);
  return isWhole(values, names) ? values : unreachable();
}

function isWhole<N extends string, V>(values: Partial<Record<N, V>>, names: readonly N[]): values is Record<N, V> {
  return names.every((name) => Object.hasOwn(values, name));
}

function unreachable(): never {
  throw new Error('Every name was given a value.');
}
