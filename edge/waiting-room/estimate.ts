/** What the line can honestly say to one place: from when to when the turn comes, and whether stock lasts. */

export interface LineFacts {
  readonly ahead: number;
  readonly stock: number;
  /** The caps: nobody is called faster than this, and no more may hold a pass at once. */
  readonly perSecondCap: number;
  readonly maxActive: number;
  readonly passMs: number;
  /** Places called in a second, as measured; undefined before anything was. */
  readonly outflowPerSecond: number | undefined;
  readonly perShopperLimit: number;
  readonly untilStartMs: number;
  readonly untilEndMs: number;
}

/** How much slower than measured the line may become before the upper end is wrong. */
const SLACK = 1.5;

/**
 * The lower end is the cap. The upper end is what was measured, with slack, but never more than what the caps promise:
 * even if all passes are taken now and nobody gives one back, all of them end within the lifetime of a pass.
 */
export function etaOf(facts: LineFacts): [number, number] {
  const { ahead, perSecondCap, maxActive, passMs, outflowPerSecond } = facts;
  const untilStartMs = Math.max(0, facts.untilStartMs);
  const latest = Math.max(untilStartMs, facts.untilEndMs);
  const fastest = (ahead / perSecondCap) * 1_000;
  const promised = (Math.floor(ahead / maxActive) + 1) * passMs + ((ahead + 1) / perSecondCap) * 1_000;
  const flows = outflowPerSecond !== undefined && outflowPerSecond > 0;
  const measured = flows ? ((ahead + 1) / outflowPerSecond) * 1_000 * SLACK : promised;
  const slowest = Math.max(fastest, Math.min(measured, promised));
  return [Math.floor(Math.min(latest, untilStartMs + fastest)), Math.ceil(Math.min(latest, untilStartMs + slowest))];
}

/** Taking each shopper for one who claims something between one unit and the limit. */
export function oddsOf({ ahead, stock, perShopperLimit }: LineFacts): number {
  if (stock <= 0) return 0;
  const unitsEach = (1 + perShopperLimit) / 2;
  return Math.min(1, stock / ((ahead + 1) * unitsEach));
}

/** How fast the head moves, over a window that is bounded in time and in samples. */
export interface Outflow {
  record(atMs: number, head: number): void;
  perSecond(): number | undefined;
}

export function createOutflow(windowMs: number, maxSamples: number): Outflow {
  const samples: { readonly atMs: number; readonly head: number }[] = [];
  return {
    record(atMs, head) {
      samples.push({ atMs, head });
      while (samples.length > maxSamples || atMs - (samples[0]?.atMs ?? atMs) > windowMs) samples.shift();
    },
    perSecond() {
      const [first, last] = [samples[0], samples.at(-1)];
      if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
      return ((last.head - first.head) / (last.atMs - first.atMs)) * 1_000;
    },
  };
}
