/** Walks over the holds of all drops, a bounded number a round, for those without an order. */
import { LIMITS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import { untilItWorks } from '../../platform/connections/kafka/patience.ts';
import { createHoldStates, type HoldRecord } from '../../reservation-core/hold-states.ts';
import type { Piece, ReconcileCore, Told } from './core.ts';
import { findingOf, holdsWithoutOrder, publishAgain } from './kinds/hold-without-order.ts';
import { type RegionOfDrop, regionsToLookAt } from './order-sweep.ts';

export interface HoldSweep {
  /** Goes on where it stopped; `ended` when all were seen once. */
  go(core: ReconcileCore): Promise<Piece>;
}

/** What became no order after so many times is refused by whoever makes orders: once more only adds a dead letter. */
const TRIES = 3;
const TRIES_REMEMBERED = 100_000;
const ANSWER_WITHIN_MS = 10_000;
const BACKOFF = { minMs: 100, maxMs: 1_000 };

export function createHoldSweep(): HoldSweep {
  const tries = new Map<string, number>();
  let places: RegionOfDrop[] | undefined;
  let from = '0';

  async function publish(core: ReconcileCore, place: RegionOfDrop, holds: readonly HoldRecord[]) {
    const again = holds.filter(({ claimId }) => (tries.get(claimId) ?? 0) < TRIES);
    if (core.dryRun || again.length === 0) return new Set<string>();
    if (tries.size > TRIES_REMEMBERED) tries.clear();
    for (const { claimId } of again) tries.set(claimId, (tries.get(claimId) ?? 0) + 1);
    return await publishAgain(core, place, again);
  }

  function tell(hold: HoldRecord, mended: ReadonlySet<string>): Told {
    const isRefused = (tries.get(hold.claimId) ?? 0) >= TRIES && !mended.has(hold.claimId);
    const advice = `published ${TRIES} times and still no order: look for it in the dead letters (npm run dlq)`;
    return { ...findingOf(hold), mended: mended.has(hold.claimId), ...(isRefused ? { advice } : {}) };
  }

  /** How many it looked at. */
  async function goOn(core: ReconcileCore, place: RegionOfDrop, told: Told[]): Promise<number> {
    try {
      const { holds, next } = await createHoldStates(core).page(place.dropId, place.region, from);
      const without = await holdsWithoutOrder(core, place, holds);
      const mended = await publish(core, place, without);
      told.push(...without.map((hold) => tell(hold, mended)));
      from = next;
      if (next === '0') places?.shift();
      return holds.length;
    } catch (error) {
      // A region that went away keeps nobody from looking at the others.
      from = '0';
      places?.shift();
      throw error;
    }
  }

  return {
    async go(core) {
      const told: Told[] = [];
      // What is in Kafka becomes an order by itself: while the orders worker is behind, nothing can be said.
      const lag = () => core.kafka.lag(`${core.topicPrefix}orders`, topicName(core.topicPrefix, 'claims.won'));
      if ((await untilItWorks(lag, ANSWER_WITHIN_MS, BACKOFF)) > LIMITS.reconcileLag) {
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
