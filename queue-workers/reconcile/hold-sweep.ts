/** Walks over the holds of all drops, a bounded number a round, for those without an order. */
import { LIMITS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import { createHoldStates } from '../../reservation-core/hold-states.ts';
import type { ReconcileCore, Told } from './core.ts';
import { findingOf, holdsWithoutOrder, publishAgain } from './kinds/hold-without-order.ts';
import { type RegionOfDrop, regionsToLookAt } from './order-sweep.ts';

export interface HoldSweep {
  /** Goes on where it stopped; `ended` when all were seen once. */
  go(core: ReconcileCore): Promise<{ readonly told: readonly Told[]; readonly ended: boolean; readonly note?: string }>;
}

export function createHoldSweep(): HoldSweep {
  let places: RegionOfDrop[] | undefined;
  let from = '0';

  /** How many it looked at. */
  async function goOn(core: ReconcileCore, place: RegionOfDrop, told: Told[]): Promise<number> {
    const { holds, next } = await createHoldStates(core).page(place.dropId, place.region, from);
    const without = await holdsWithoutOrder(core, place, holds);
    const mended = core.dryRun ? new Set<string>() : await publishAgain(core, place, without);
    told.push(...without.map((hold) => ({ ...findingOf(hold), mended: mended.has(hold.claimId) })));
    from = next;
    if (next === '0') places?.shift();
    return holds.length;
  }

  return {
    async go(core) {
      const told: Told[] = [];
      // What is in Kafka becomes an order by itself: while the orders worker is behind, nothing can be said.
      if (
        (await core.kafka.lag(`${core.topicPrefix}orders`, topicName(core.topicPrefix, 'claims.won'))) >
        LIMITS.reconcileLag
      ) {
        return { told, ended: true, note: 'The orders worker is behind: holds without an order were not looked for.' };
      }
      places ??= await regionsToLookAt(core);
      for (let looked = 0; looked < LIMITS.reconcileHolds && told.length < LIMITS.reconcileMends; ) {
        const [place] = places;
        if (place === undefined) break;
        looked += 1 + (await goOn(core, place, told));
      }
      const ended = places.length === 0;
      if (ended) places = undefined;
      return { told, ended };
    },
  };
}
