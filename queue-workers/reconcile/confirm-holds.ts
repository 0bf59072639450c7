import type { SweptOrder } from '../../db/queries/swept-orders.ts';
import { createHolds } from '../../reservation-core/holds.ts';
import type { ReconcileCore } from './core.ts';

/** Turns the holds of these orders into sales. Answers with the orders whose holds are sold now. */
export async function confirmHolds(core: ReconcileCore, orders: readonly SweptOrder[]): Promise<Set<string>> {
  const holds = createHolds(core);
  const sold = new Set<string>();
  for (const inRegion of Map.groupBy(orders, ({ dropId, region }) => `${dropId} ${region}`).values()) {
    const [first] = inRegion;
    if (first === undefined || first.dropId === null || first.region === null) continue;
    const ids = inRegion.map(({ id }) => id);
    const answers = await holds.confirm(first.dropId, first.region, ids);
    answers.forEach((answer, at) => {
      const isSold = answer.reply === 'CONFIRMED' || (answer.reply === 'ALREADY' && answer.endedAs === 'sold');
      const id = ids[at];
      if (isSold && id !== undefined) sold.add(id);
    });
  }
  return sold;
}
