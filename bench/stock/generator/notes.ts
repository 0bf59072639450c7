/** What the generator is asked to do and what it tells: plain data, since it crosses processes. */
import type { Goods } from '../schemes/scheme.ts';

export interface Ask {
  readonly t: 'ask';
  readonly url: string;
  readonly connections: number;
  /** Of the scheme. */
  readonly name: string;
  readonly goods: Goods;
  readonly clients: number;
  /** Where given, the run ends then; otherwise after so many questions. */
  readonly seconds?: number;
  readonly questions?: number;
}

/** What is won is counted by such slots of time. */
export const SLOT_MS = 100;

export interface Asked {
  readonly t: 'asked';
  /** Units that clients were told they have. */
  readonly won: number;
  readonly refused: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the units won, in microseconds; hdr-histogram, compressed, base64. */
  readonly histogram: string;
  /** Units won in each slot, from the start. */
  readonly wonBySlot: readonly number[];
}
