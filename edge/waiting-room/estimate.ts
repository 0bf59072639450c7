/** When the turn of a place comes, as an interval that is honest about what is not known. */
import type { Flow } from './flow.ts';

export interface LineFacts {
  /** Who is called before, as it stands, and at the most: other lanes may still fill up. */
  readonly ahead: number;
  readonly most: number;
  /** The caps: nobody is called faster than this, and no more may hold a pass at once. */
  readonly perSecondCap: number;
  readonly maxActive: number;
  readonly passMs: number;
  /** Passes that are held now, and that are enough for what is left of the stock. */
  readonly active: number;
  readonly wanted: number;
  /** What was measured; undefined before anything was. */
  readonly flow: Flow | undefined;
  readonly untilStartMs: number;
  readonly untilEndMs: number;
}

/** How much slower than measured the line may become before the upper end is wrong, and faster before the lower end is. */
const SLOWER = 1.6;
const FASTER = 1.25;
/** The same for a line that only the cap holds up, which it does evenly. */
const UNEVEN = 1.15;
/** What passes between a call and the moment when its shopper knows of it. */
const TELLING_MS = 1_000;
/** Of those ahead, this share is taken to be gone before their turn, or more as far as was measured. */
const LEAST_GONE = 0.1;
const GONE_BEFORE_MEASURED = 0.4;
const MOST_GONE = 0.9;
/** Calls beyond what is left have to wait until passes run out unused: how many lifetimes of a pass that may take. */
const PASSES_TO_WAIT = 2;

/**
 * Two things hold up a call: the cap of calls in a second, and that a pass has to be given back first once all are taken.
 * How fast they are given back was measured. The lower end takes it to become faster and those ahead to leave; the upper
 * end takes it to become slower, but never slower than the caps promise: all passes that are taken now end within the
 * lifetime of a pass, even if nobody gives one back.
 */
export function etaOf(facts: LineFacts): [number, number] {
  const untilStartMs = Math.max(0, facts.untilStartMs);
  const latest = Math.max(untilStartMs, facts.untilEndMs);
  const fastest = fastestMs(facts);
  const slowest = Math.max(fastest, slowestMs(facts)) + TELLING_MS;
  return [Math.floor(Math.min(latest, untilStartMs + fastest)), Math.ceil(Math.min(latest, untilStartMs + slowest))];
}

function fastestMs({ ahead, perSecondCap, maxActive, active, flow }: LineFacts): number {
  const gone = Math.min(
    MOST_GONE,
    flow === undefined ? GONE_BEFORE_MEASURED : Math.max(LEAST_GONE, FASTER * flow.goneShare),
  );
  const calls = Math.floor(ahead * (1 - gone));
  // The cap is over any second, so as many as it allows may be called in the first moment of each.
  const byCap = Math.floor(calls / perSecondCap) * 1_000;
  if (flow === undefined) return byCap;
  const free = Math.max(0, maxActive - active);
  return Math.max(byCap, (Math.max(0, calls - free) * flow.leastHeldMs) / (maxActive * FASTER));
}

function slowestMs({ most, perSecondCap, maxActive, passMs, active, wanted, flow }: LineFacts): number {
  const calls = most + 1;
  const promised = (Math.floor(most / maxActive) + 1) * passMs + (calls / perSecondCap) * 1_000;
  if (flow === undefined) return promised;
  const free = Math.max(0, Math.min(maxActive, wanted) - active);
  const byCap = (calls / perSecondCap) * 1_000;
  const byPasses = (Math.max(0, calls - free) * flow.mostHeldMs) / maxActive;
  const beyondStock = calls > Math.max(0, wanted - active) ? PASSES_TO_WAIT * passMs : 0;
  return Math.min(promised, Math.max(byCap * UNEVEN, byPasses * SLOWER)) + beyondStock;
}
