import type { LaneHead } from '../line/ahead.ts';
import type { EdgeMessageOf } from '../line/messages.ts';

/** What a broadcast says of one lane. */
export function laneHeadOf({ lanes }: EdgeMessageOf<'head'>, lane: string): LaneHead | undefined {
  return Object.hasOwn(lanes, lane) ? lanes[lane] : undefined;
}
