/**
 * How long passes are held, and how many leave before their turn, measured while the line moves. Counting calls alone
 * would deceive: at the start all passes are given away in a moment, and then nobody is called until the first come back.
 */

export interface Moment {
  readonly atMs: number;
  /** Since the drop began: places called, and those passed over since nobody was there. */
  readonly called: number;
  readonly skipped: number;
  /** Passes that are held at this moment. */
  readonly active: number;
}

export interface Flow {
  /** The mean time for which a pass is held, between these two. */
  readonly leastHeldMs: number;
  readonly mostHeldMs: number;
  /** Of the places that were reached, those whose shoppers were gone. */
  readonly goneShare: number;
}

export interface FlowMeter {
  record(moment: Moment): void;
  /** Undefined before anything was measured. */
  flow(): Flow | undefined;
  /** Places that the line moved on by in a second, of late. */
  perSecond(): number | undefined;
}

/** Of those whose pass is younger than a whole one, this share may hold it to its end: until then nobody can tell. */
const UNSEEN_HOLDERS = 0.15;
/** Few passes that were given back say little: these many whole ones are counted with them. */
const SUPPOSED_PASSES = 2;
const LEAST_WINDOW_MS = 30_000;
const PASSES_IN_WINDOW = 2;
const SAMPLES = 300;
const PACE_WINDOW_MS = 30_000;

interface Sample extends Moment {
  /** The sum over all passes of the time that they were held, up to this moment. */
  readonly heldMs: number;
}

export function createFlowMeter(passMs: number): FlowMeter {
  const windowMs = Math.max(LEAST_WINDOW_MS, PASSES_IN_WINDOW * passMs);
  const everyMs = windowMs / SAMPLES;
  const samples: Sample[] = [];
  let last: Sample | undefined;

  return {
    record(moment) {
      const { atMs } = moment;
      const before = last ?? { ...moment, heldMs: 0 };
      last = { ...moment, heldMs: before.heldMs + ((atMs - before.atMs) * (before.active + moment.active)) / 2 };
      const newest = samples.at(-1);
      if (newest === undefined || atMs - newest.atMs >= everyMs) samples.push(last);
      while (samples.length > SAMPLES || atMs - (samples[0]?.atMs ?? atMs) > windowMs) samples.shift();
    },
    flow() {
      const first = samples[0];
      if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
      const called = last.called - first.called;
      const skipped = last.skipped - first.skipped;
      const ended = Math.max(0, called - (last.active - first.active));
      const heldMs = last.heldMs - first.heldMs;
      if (called + ended + last.active === 0) return undefined;
      const unseen = Math.max(0, 1 - (last.atMs - first.atMs) / passMs);
      const supposedMs = (heldMs + SUPPOSED_PASSES * passMs) / (ended + SUPPOSED_PASSES);
      return {
        // As if all that are held now were given back in this moment.
        leastHeldMs: Math.min(passMs, heldMs / (ended + Math.max(1, last.active))),
        mostHeldMs: Math.min(passMs, supposedMs + unseen * UNSEEN_HOLDERS * passMs),
        goneShare: called + skipped === 0 ? 0 : skipped / (called + skipped),
      };
    },
    perSecond() {
      const from = samples.find(({ atMs }) => last !== undefined && last.atMs - atMs <= PACE_WINDOW_MS);
      if (from === undefined || last === undefined || last.atMs <= from.atMs) return undefined;
      const passed = last.called + last.skipped - from.called - from.skipped;
      return (passed / (last.atMs - from.atMs)) * 1_000;
    },
  };
}
