/** When the turn of a place comes, as an interval that is honest about what is not known. */

export interface LineFacts {
  /** Who is called before, as it stands, and at the most: other lanes may still fill up. */
  readonly ahead: number;
  readonly most: number;
  /** The caps: nobody is called faster than this, and no more may hold a pass at once. */
  readonly perSecondCap: number;
  readonly maxActive: number;
  readonly passMs: number;
  /** Places called in a second, as measured; undefined before anything was. */
  readonly outflowPerSecond: number | undefined;
  readonly untilStartMs: number;
  readonly untilEndMs: number;
}

/** How much slower than measured the line may become before the upper end is wrong. */
const SLACK = 1.5;
/** What passes between a call and the moment when its shopper knows of it. */
const TELLING_MS = 1_000;

/**
 * The lower end is the cap. The upper end is what was measured, with slack, but never more than what the caps promise:
 * even if all passes are taken now and nobody gives one back, all of them end within the lifetime of a pass.
 */
export function etaOf(facts: LineFacts): [number, number] {
  const { ahead, most, perSecondCap, maxActive, passMs, outflowPerSecond } = facts;
  const untilStartMs = Math.max(0, facts.untilStartMs);
  const latest = Math.max(untilStartMs, facts.untilEndMs);
  // The cap is over any second, so as many as it allows may be called in the first moment of each.
  const fastest = Math.floor(ahead / perSecondCap) * 1_000;
  const promised = (Math.floor(most / maxActive) + 1) * passMs + ((most + 1) / perSecondCap) * 1_000;
  const flows = outflowPerSecond !== undefined && outflowPerSecond > 0;
  const measured = flows ? ((most + 1) / outflowPerSecond) * 1_000 * SLACK : promised;
  const slowest = Math.max(fastest, Math.min(measured, promised)) + TELLING_MS;
  return [Math.floor(Math.min(latest, untilStartMs + fastest)), Math.ceil(Math.min(latest, untilStartMs + slowest))];
}

/** How fast the line moves, over a window that is bounded in time and in samples. */
export interface Outflow {
  record(atMs: number, passed: number): void;
  perSecond(): number | undefined;
}

export function createOutflow(windowMs: number, maxSamples: number): Outflow {
  const samples: { readonly atMs: number; readonly passed: number }[] = [];
  return {
    record(atMs, passed) {
      samples.push({ atMs, passed });
      while (samples.length > maxSamples || atMs - (samples[0]?.atMs ?? atMs) > windowMs) samples.shift();
    },
    perSecond() {
      const [first, last] = [samples[0], samples.at(-1)];
      if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
      return ((last.passed - first.passed) / (last.atMs - first.atMs)) * 1_000;
    },
  };
}
