/**
 * What a shopper works out without asking (decision 7 of the design): they were told their place once, and every
 * broadcast of the head tells everybody the same. Pure functions, for clients, pages and benches alike.
 */

/** What a broadcast says of one lane: every place up to `head` has been called, `waiting` are still in line. */
export interface LaneHead {
  readonly head: number;
  readonly waiting: number;
}

/** A place in its lane, and how many are at most before it. */
export interface Place {
  readonly position: number;
  readonly ahead: number;
  /** The head of the last broadcast since the place was told. */
  readonly seenHead?: number;
}

/**
 * Nobody ever joins before a place, so `ahead` only falls. Leavers between head and place make `waiting` the better
 * bound, but only of a broadcast that is younger than the place: one whose head is beyond that of another broadcast
 * which also came after the place was told. An older count would leave out who joined just before.
 */
export function moveAhead(place: Place, lane: LaneHead): Place {
  const { position, ahead, seenHead } = place;
  const between = Math.max(0, position - lane.head - 1);
  const young = seenHead !== undefined && lane.head > seenHead;
  const others = young && position > lane.head ? Math.max(0, lane.waiting - 1) : Number.POSITIVE_INFINITY;
  return { position, ahead: Math.min(ahead, between, others), seenHead: Math.max(seenHead ?? 0, lane.head) };
}

/** From when to when the turn comes, as durations from `atMs` on. */
export interface Eta {
  readonly atMs: number;
  readonly etaMs: readonly [low: number, high: number];
}

/** What the edge said of a place: `line`, and when. */
export interface Told extends Eta {
  readonly ahead: number;
  readonly odds: number;
  readonly stock: number;
}

/** Until the start time passes; from then on the interval shrinks as those ahead get fewer. */
export function etaAfter(told: Told, now: { atMs: number; ahead: number; startsAtMs: number }): Eta {
  const [low, high] = told.etaMs;
  const untilStartThen = Math.max(0, now.startsAtMs - told.atMs);
  const untilStartMs = Math.max(0, now.startsAtMs - now.atMs);
  const ofLow = told.ahead === 0 ? 0 : Math.min(1, now.ahead / told.ahead);
  const ofHigh = Math.min(1, (now.ahead + 1) / (told.ahead + 1));
  const fastest = untilStartMs + Math.max(0, low - untilStartThen) * ofLow;
  const slowest = untilStartMs + Math.max(0, high - untilStartThen) * ofHigh;
  return { atMs: now.atMs, etaMs: [Math.floor(fastest), Math.ceil(Math.max(fastest, slowest))] };
}

/** A line that stands still moves even an interval without width on. */
const LEAST_WIDTH_MS = 1_000;

/** Never lets what is shown jump up by more than its own width: what is worse than that is told in steps. */
export function steadyEta(shown: Eta | undefined, next: Eta): Eta {
  if (shown === undefined) return next;
  const [low, high] = shown.etaMs;
  const width = Math.max(LEAST_WIDTH_MS, high - low);
  const passedMs = next.atMs - shown.atMs;
  const atMost = (before: number, now: number): number => Math.max(0, Math.min(now, before - passedMs + width));
  return { atMs: next.atMs, etaMs: [atMost(low, next.etaMs[0]), atMost(high, next.etaMs[1])] };
}

/**
 * How likely stock lasts, from what was told then and is left now. Odds of 1 do not say by how much stock exceeds the
 * line: they stay while there is a unit for each.
 */
export function oddsAfter(told: Told, now: { ahead: number; stock: number }): number {
  if (now.stock <= 0) return 0;
  if (told.odds >= 1 || told.stock <= 0) return Math.min(1, now.stock / (now.ahead + 1));
  return Math.min(1, told.odds * (now.stock / told.stock) * ((told.ahead + 1) / (now.ahead + 1)));
}
