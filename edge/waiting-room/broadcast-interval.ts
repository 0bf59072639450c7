import { INTERVALS } from '../../contracts/limits.ts';

/** A frame goes to every socket, so a long line costs more for each; a move of the head still arrives within a second. */
export function broadcastIntervalMs(sockets: number, hasMoved: boolean): number {
  const [perSocketMs, atMostMs] = hasMoved
    ? [INTERVALS.headBroadcastPerSocketMs, INTERVALS.headBroadcastAtMostMs]
    : [INTERVALS.headBroadcastPerShopperMs, INTERVALS.headBroadcastAtLeastMs];
  return Math.max(INTERVALS.headBroadcastMs, Math.min(atMostMs, sockets * perSocketMs));
}
