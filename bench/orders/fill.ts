/** Fills the outbox with claims that were really made, in full batches. */
import { createIdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Told } from '../core/load.ts';
import { openClaiming } from './claiming.ts';
import { REGIONS } from './regions.ts';

/** As many as fill the batches that each region may have under way. */
const AT_ONCE = REGIONS.length * LIMITS.batchesInFlight * LIMITS.claimBatch;

export async function fillOutbox(at: { redisUrl: string; dropId: string }, count: number): Promise<Told> {
  const claiming = await openClaiming(at);
  const nextId = createIdSource(systemClock);
  try {
    for (let from = 0; from < count; from += AT_ONCE) {
      const some = Math.min(AT_ONCE, count - from);
      await Promise.all(Array.from({ length: some }, (_, turn) => claiming.claim(from + turn, nextId())));
    }
    return claiming.told();
  } finally {
    await claiming.close();
  }
}
