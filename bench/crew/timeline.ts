/** How much a generator gets done in each slice of time: what the timeline of a run is drawn from. */

/** Seconds since the load began, and what was done in a second then. */
export type Slice = readonly [atSeconds: number, perSecond: number];

export interface Timeline {
  start(): void;
  /** The slices so far; after it nothing is added. */
  stop(): readonly Slice[];
}

const SLICE_MS = 250;
const MS_PER_SECOND = 1_000;
/** An hour: a run that is longer keeps its beginning. */
const MOST_SLICES = 14_400;

/** A slice is as long as it was: a timer that came late must not look like a burst. */
export function createTimeline(doneSoFar: () => number): Timeline {
  const slices: Slice[] = [];
  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      const fromMs = performance.now();
      let last = { atMs: fromMs, done: doneSoFar() };
      timer ??= setInterval(() => {
        const now = { atMs: performance.now(), done: doneSoFar() };
        const perSecond = ((now.done - last.done) / (now.atMs - last.atMs)) * MS_PER_SECOND;
        if (slices.length < MOST_SLICES) slices.push([(now.atMs - fromMs) / MS_PER_SECOND, perSecond]);
        last = now;
      }, SLICE_MS);
    },
    stop() {
      clearInterval(timer);
      return slices;
    },
  };
}

/** Of several processes that began together. */
export function addTimelines(timelines: readonly (readonly Slice[])[]): readonly Slice[] {
  const [first = [], ...others] = timelines;
  return first.map(([atSeconds, perSecond], at) => [
    Math.round(atSeconds * 100) / 100,
    Math.round(others.reduce((sum, slices) => sum + (slices[at]?.[1] ?? 0), perSecond)),
  ]);
}
