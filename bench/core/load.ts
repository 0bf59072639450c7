/** What a generator process is asked to do and what it tells afterwards: plain data, since it crosses processes. */

import type { Slice } from '../crew/timeline.ts';
import type { Side } from '../in-turn.ts';

export type Driver = Side;

export interface Load {
  readonly driver: Driver;
  readonly dropId: string;
  readonly regions: readonly { readonly name: string; readonly url: string }[];
  readonly batch: number;
  readonly batchesInFlight: number;
  /** Shoppers of this process who claim one after the other: each one's next claim is a new shopper's first. */
  readonly shoppers: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Ends earlier once this many claims were made. */
  readonly mostClaims: number | null;
  /** Claims that this process begins in a second, whatever is answered; without it each shopper claims in turn. */
  readonly perSecond: number | null;
  /** Sells with a script that forgets to take units. */
  readonly doctored: boolean;
  /** Each call of the claim script is busy for this long before it does its work. */
  readonly slowedMs: number;
}

export interface Told {
  /** Claims that were answered WON, warm-up included. */
  readonly won: number;
  /** Other answers by name, warm-up included. */
  readonly refused: Readonly<Record<string, number>>;
  /** All ids of claims that won, folded together: says whether the ledger has the same ones. */
  readonly fingerprint: number;
}

export interface LoadResult extends Told {
  /** Answers inside the measured time. */
  readonly measured: number;
  readonly measuredMs: number;
  /** CPU time of the generator itself inside the measured time. */
  readonly cpuMs: number;
  /** Latencies in microseconds, as hdr-histogram-js encodes them. */
  readonly histogram: string;
  readonly failedCalls: number;
  /** Answers a second in each slice of the run, warm-up included. */
  readonly timeline: readonly Slice[];
}

/** Of the claims that a process of the core's own generator makes. */
export interface CoreResult extends LoadResult {
  /** Calls of the script that were under way, as a mean over the measured time. */
  readonly callsUnderWay: number;
}

export type CoreOrder = { readonly t: 'load'; readonly load: Load } | { readonly t: 'go' };
export type CoreReport = { readonly t: 'ready' } | { readonly t: 'done'; readonly result: CoreResult };

const HEX = 16;
const FOLDED_DIGITS = 8;

/** The order does not matter, and adding the same id twice takes it out again: a count beside it tells those apart. */
export function fold(fingerprint: number, claimId: string): number {
  return (fingerprint ^ Number.parseInt(claimId.slice(-FOLDED_DIGITS), HEX)) >>> 0;
}

export function addTold(a: Told, b: Told): Told {
  const refused: Record<string, number> = { ...a.refused };
  for (const [name, count] of Object.entries(b.refused)) refused[name] = (refused[name] ?? 0) + count;
  return { won: a.won + b.won, refused, fingerprint: (a.fingerprint ^ b.fingerprint) >>> 0 };
}

export const NOTHING_TOLD: Told = { won: 0, refused: {}, fingerprint: 0 };
