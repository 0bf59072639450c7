/**
 * Holds, books and orders are read one after the other, so what changed in between seems to differ. Whatever seems to is
 * looked at again, by itself and quickly.
 */
import type { PaymentProvider } from '../../commerce/payments/provider.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type AuditedOrder, findAuditedOrders } from '../../db/queries/audited-orders.ts';
import { createHoldStates } from '../../reservation-core/hold-states.ts';
import type { AuditCore, Look } from './audit-core.ts';
import { type BookedPayment, checkClaim, type Difference, type RegionHold } from './check-claim.ts';
import type { Tally } from './tally.ts';

interface AgainLook extends Look {
  readonly providers: readonly PaymentProvider[];
}

export async function lookAgain(core: AuditCore, tally: Tally, look: AgainLook): Promise<void> {
  // With more than this, no second look is needed to see that something is wrong, or still under way.
  const doubtful = tally.doubtful().slice(0, LIMITS.doubtfulClaims);
  for (let from = 0; from < doubtful.length; from += LIMITS.ordersBatch) {
    await lookAtPage(core, tally, look, doubtful.slice(from, from + LIMITS.ordersBatch));
  }
}

async function lookAtPage(core: AuditCore, tally: Tally, look: AgainLook, ids: readonly string[]): Promise<void> {
  const orders = await findAuditedOrders(core.database, core.dropId, ids);
  const holds = await findHolds(core, look.regions.known, ids);
  const nowMs = core.clock.now();
  const known = new Set(orders.map(({ id }) => id));
  for (const order of orders) {
    const hold = look.regions.known.includes(order.region) ? holds.get(order.id) : 'not asked';
    const books = await askAgain(look, order);
    tally.correct(order.id, checkClaim({ order, hold, books, asked: look.asked, nowMs }));
  }
  for (const id of ids.filter((one) => !known.has(one))) {
    const orphan: Difference = { identity: 'hold-has-order', id, waitsFor: ['outbox', 'won'] };
    tally.correct(id, holds.has(id) ? [orphan] : []);
  }
}

async function findHolds(core: AuditCore, regions: readonly string[], ids: readonly string[]) {
  const states = createHoldStates(core);
  const holds = new Map<string, RegionHold>();
  for (const region of regions) {
    for (const [id, hold] of await states.find(core.dropId, region, ids)) holds.set(id, { ...hold, region });
  }
  return holds;
}

/** A charge that was captured after the books were read is asked for by its reference. */
async function askAgain(
  { books, providers }: AgainLook,
  order: AuditedOrder,
): Promise<ReadonlyMap<string, BookedPayment> | undefined> {
  if (books === undefined) return undefined;
  const own = new Map<string, BookedPayment>();
  for (const { id, status, provider, ref, amountMinor, refundedMinor } of order.payments) {
    const booked = books.get(id);
    if (booked !== undefined) own.set(id, booked);
    const asked = providers.find(({ name }) => name === provider);
    if (asked === undefined || ref === null || (booked?.captures ?? 0) > 0 || status !== 'CAPTURED') continue;
    const { state } = await asked.find(ref);
    if (state !== 'captured') continue;
    const now = { captures: 1, capturedMinor: amountMinor, refundedMinor };
    own.set(id, { orderId: order.id, provider: asked.name, ref, ...now });
  }
  return own;
}
