import { INTERVALS } from '../../contracts/limits.ts';

/** When the last frame was told, and the last one with which the head had moved. */
export interface LastTold {
  readonly atMs: number;
  readonly movedAtMs: number;
}

/**
 * A frame goes to every socket, so a long line costs more for each. A move of the head still arrives within a second, and
 * does not wait behind a frame that only counted.
 */
export function nextBroadcastMs({ atMs, movedAtMs }: LastTold, shoppers: number, hasMoved: boolean): number {
  const { headBroadcastMs, headMovePerShopperMs, headMoveAtMostMs } = INTERVALS;
  const { headBroadcastPerShopperMs, headBroadcastAtLeastMs } = INTERVALS;
  const soonest = atMs + headBroadcastMs;
  return hasMoved
    ? Math.max(soonest, movedAtMs + Math.min(headMoveAtMostMs, shoppers * headMovePerShopperMs))
    : Math.max(soonest, atMs + Math.min(headBroadcastAtLeastMs, shoppers * headBroadcastPerShopperMs));
}
