import type { LaneHead } from '../line/ahead.ts';
import type { EdgeMessageOf } from '../line/messages.ts';

/** What a broadcast says of one lane. */
export function laneHeadOf({ head, waiting }: EdgeMessageOf<'head'>, _lane: string): LaneHead | undefined {
  return { head, waiting };
}
