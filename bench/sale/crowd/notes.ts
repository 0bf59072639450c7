/** What a generator of shoppers of a drop is asked to do and what it tells: plain data, since it crosses processes. */
import type { Wait } from '../../line/eta/notes.ts';
import type { KindName } from './kinds.ts';

/** A shopper with an account and, most of them, a saved card; the row is in the database. */
export interface Person {
  readonly id: string;
  /** The payment method that they claim with; none, and what they claim is never paid. */
  readonly methodId: string | null;
}

/** Who they are and where they come to: known before there is a drop. */
export interface CrowdPlan {
  readonly crowd: number;
  readonly regions: readonly string[];
  readonly ports: readonly number[];
  readonly secret: string;
  readonly stormMs: number;
  readonly people: readonly Person[];
}

/** What they come for. */
export interface DropPlan {
  readonly dropId: string;
  readonly sku: string;
  readonly perShopperLimit: number;
  /** Epoch milliseconds. */
  readonly startsAtMs: number;
}

export type CrowdOrder =
  | { readonly t: 'prepare'; readonly plan: CrowdPlan }
  /** The first comes at this moment (epoch ms), the last `stormMs` later. */
  | { readonly t: 'come'; readonly drop: DropPlan; readonly fromMs: number }
  /** The drop was ended at this moment: whoever is still here goes. */
  | { readonly t: 'end'; readonly endedAtMs: number };

/** `odds`, as they were told with the interval: how likely something is left when their turn comes. */
export interface SaleWait extends Wait {
  readonly odds: number;
}

/** What those of one kind lived through. */
export interface KindTold {
  readonly kind: KindName;
  readonly shoppers: number;
  readonly joined: number;
  readonly admitted: number;
  /** Shoppers who won something, and units. */
  readonly winners: number;
  readonly units: number;
  /** Orders that they were told are paid, and are called off. */
  readonly paid: number;
  readonly cancelled: number;
  readonly refused: Readonly<Record<string, number>>;
  /** hdr histograms of microseconds, compressed: from the join (the start, where that was later) to the admission. */
  readonly waits: string;
  readonly decisions: string;
}

export const LATENCIES = ['joinLobby', 'joinLive', 'decisionWon', 'decisionRefused', 'late'] as const;
/** `late`: how late this generator was for who was due; all others count from when they were due. */
export type LatencyName = (typeof LATENCIES)[number];

export const COUNTED = ['arrivals', 'admitted', 'claims', 'won', 'refused', 'paid'] as const;
export type CountedName = (typeof COUNTED)[number];

/** Refusals SOLD_OUT of one region within a short time: whether something was left then is known to whoever watched. */
export interface SoldOutTold {
  readonly region: string;
  /** Epoch ms: asked, and told. Somewhere in between it was decided. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly count: number;
}

export interface CrowdTold {
  readonly t: 'told';
  readonly kinds: readonly KindTold[];
  readonly latencies: Readonly<Record<LatencyName, string>>;
  /** By second since the first came. */
  readonly bySecond: Readonly<Record<CountedName, readonly number[]>>;
  readonly waits: readonly SaleWait[];
  readonly soldOut: readonly SoldOutTold[];
  /** The ids of all claims that somebody was told to have won, and of orders that they were told are paid. */
  readonly claimIds: readonly string[];
  readonly paidIds: readonly string[];
  /** Claims whose shopper was cut off and had no pass any more to ask what became of them. */
  readonly unknown: number;
  /** By what: refusals without a reason, answers that nobody asked for, places lost, forged wins; each fails the audit. */
  readonly wrongs: Readonly<Record<string, number>>;
  readonly arrived: number;
  readonly mostSockets: number;
  readonly cutAndBack: number;
}

export type CrowdReport = { readonly t: 'prepared' } | { readonly t: 'come' } | CrowdTold;
