/** Fills the outbox with claims that were really made, in full batches. */
import { createIdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Told } from '../core/load.ts';
import { type ClaimingAt, openClaiming } from './claiming.ts';

/** As many as fill the batches that a region may have under way. */
const AT_ONCE = LIMITS.batchesInFlight * LIMITS.claimBatch;

export async function fillOutbox(at: ClaimingAt, count: number): Promise<Told> {
  const atOnce = at.sales.length * AT_ONCE;
  const claiming = await openClaiming(at);
  const nextId = createIdSource(systemClock);
  try {
    for (let from = 0; from < count; from += atOnce) {
      const some = Math.min(atOnce, count - from);
      await Promise.all(Array.from({ length: some }, (_, turn) => claiming.claim(from + turn, nextId())));
    }
    return claiming.told();
  } finally {
    await claiming.close();
  }
}
