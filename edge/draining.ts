/**
 * Sends the sockets of an edge away, spread over a time: twenty thousand that all come back in the same moment would be a
 * storm for the edges that are left.
 */
import { setTimeout as delay } from 'node:timers/promises';

const STEP_MS = 50;

export async function startDraining<Peer>(
  peers: ReadonlySet<Peer>,
  sendAway: (peer: Peer) => void,
  withinMs: number,
): Promise<void> {
  const steps = Math.max(1, Math.floor(withinMs / STEP_MS));
  const each = Math.ceil(peers.size / steps);
  const all = [...peers];
  for (let at = 0; at < all.length; at += each) {
    for (const peer of all.slice(at, at + each)) sendAway(peer);
    if (at + each < all.length) await delay(STEP_MS);
  }
}
