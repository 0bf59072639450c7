/** What the visitors of a line are asked to do and what they tell: plain data, since it crosses processes. */
import type { WaitingCrowd } from '../generator/notes.ts';

export interface Visit extends Omit<WaitingCrowd, 'port' | 'sockets'> {
  readonly ports: readonly number[];
  readonly shoppers: number;
  /** They come at any moment within this time. */
  readonly arriveWithinMs: number;
  /** An admitted shopper thinks for a moment up to this long, claims and leaves. */
  readonly thinkMs: number;
  /** Shares of all: who never claims and lets the pass run out, and who leaves the line before their turn. */
  readonly idleShare: number;
  readonly leaverShare: number;
  readonly deadlineMs: number;
}

/** Times are epoch milliseconds; `low` and `high` are what the first `line` message said, counted from when it came. */
export interface Wait {
  readonly place: number;
  readonly toldAtMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  readonly admittedAtMs: number | null;
  readonly calledAtMs: number | null;
  /** Left of their own will. */
  readonly left: boolean;
  /** Later messages that put the turn off by more than the width of what was told before. */
  readonly jumps: number;
}

export type VisitOrder = { readonly t: 'visit'; readonly visit: Visit };
export type VisitReport = {
  readonly t: 'visited';
  readonly waits: readonly Wait[];
  readonly refused: Readonly<Record<string, number>>;
  readonly socketsLost: number;
};
