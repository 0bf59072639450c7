/** How the seed is committed to and what key it gives. docs/FAIRNESS.md tells it in words. */
import { createHash, pbkdf2Sync } from 'node:crypto';

export const DRAW_ALGORITHM = 'dropgate-draw-v1';
export const SEED_BYTES = 32;
const KEY_BYTES = 32;

/**
 * Published with the commit: about 1.3 s on one core that has instructions for SHA-256 (7.4 million a second measured).
 * It is a price for each list of entrants that somebody who knows the seed wants to try; see
 * docs/decisions/0005-a-draw-that-anyone-can-recompute.md for what it stops and what it does not.
 */
export const DRAW_ITERATIONS = 10_000_000;

export function commitOf(seed: Uint8Array): string {
  return createHash('sha256').update(seed).digest('hex');
}

/** Blocks its thread for as long as it takes: that is its purpose. */
export function drawKey(seed: Uint8Array, root: Uint8Array, iterations: number): Uint8Array {
  return pbkdf2Sync(seed, root, iterations, KEY_BYTES, 'sha256');
}
