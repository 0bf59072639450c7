/** Adds up both sides of each identity while claims pass by, and keeps which of them do not agree. */
import type { AuditedOrder } from '../../db/queries/audited-orders.ts';
import {
  type Claim,
  checkClaim,
  type Difference,
  expectedState,
  isCancelled,
  isConfirmed,
  type RegionHold,
  wasTaken,
} from './check-claim.ts';
import type { AuditReport, IdentityName } from './report.ts';

export interface Sides {
  left: number;
  right: number;
}

export interface Tally {
  /** A claim with an order. */
  add(claim: Claim): void;
  /** A hold without an order. */
  addOrphan(hold: RegionHold): void;
  count(identity: IdentityName, left: number, right: number): void;
  differ(difference: Difference): void;
  /** Says again what there is to say of a claim, after a second look at it. */
  correct(claimId: string, again: readonly Difference[]): void;
  sides(identity: IdentityName): Readonly<Sides>;
  /** Claims that have something to say against them. */
  doubtful(): readonly string[];
  differences(): IterableIterator<readonly Difference[]>;
  /** Units that orders stand for, by `sku@region`. */
  readonly sold: Map<string, number>;
  readonly held: Map<string, number>;
  /** Units of holds, likewise. */
  readonly soldHolds: Map<string, number>;
  readonly heldHolds: Map<string, number>;
  readonly orders: AuditReport['orders'];
}

export function createTally(): Tally {
  const all = new Map<IdentityName, Sides>();
  const byClaim = new Map<string, readonly Difference[]>();
  const others: Difference[] = [];
  const [sold, held, soldHolds, heldHolds] = [units(), units(), units(), units()];
  const orders: Record<string, { orders: number; units: number }> = {};

  function count(identity: IdentityName, left: number, right: number): void {
    const sides = all.get(identity) ?? { left: 0, right: 0 };
    sides.left += left;
    sides.right += right;
    all.set(identity, sides);
  }

  function countHold(hold: RegionHold): void {
    const place = `${hold.sku}@${hold.region}`;
    if (hold.state === 'held') grow(heldHolds, place, hold.quantity);
    if (hold.state === 'sold') grow(soldHolds, place, hold.quantity);
    if (hold.state === 'released') count('released', 1, 0);
  }

  function countOrder({ order, hold }: Claim): void {
    const known = orders[order.status] ?? { orders: 0, units: 0 };
    orders[order.status] = { orders: known.orders + 1, units: known.units + order.units };
    if (hold === 'not asked') return;
    const expected = expectedState(order, hold);
    const place = `${order.sku}@${order.region}`;
    if (expected === 'sold') grow(sold, place, order.units);
    if (expected === 'held') grow(held, place, order.units);
    if (expected === 'released') count('released', 0, 1);
    count('order-has-hold', 1, hold === undefined ? 0 : 1);
    if (hold === undefined) return;
    countHold(hold);
    count('hold-has-order', 1, 1);
  }

  function countPayments({ order }: Claim): void {
    const taken = order.payments.filter(wasTaken);
    const captured = taken.filter(({ status }) => status === 'CAPTURED');
    count('paid-once', captured.length > 0 ? 1 : 0, captured.length);
    const minor = captured.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    count('paid-in-full', minor, captured.length * order.totalMinor);
    if (isCancelled(order)) {
      for (const payment of taken) count('cancelled-is-refunded', payment.amountMinor, payment.refundedMinor);
    }
  }

  function countBooks({ order, books }: Claim): void {
    for (const payment of order.payments) {
      const booked = books?.get(payment.id);
      if (booked === undefined) continue;
      count('captured-once', Math.min(1, booked.captures), booked.captures);
      count('captured-there', booked.capturedMinor, wasTaken(payment) ? payment.amountMinor : 0);
      count('refunded-there', booked.refundedMinor, payment.refundedMinor);
    }
  }

  function countRows(order: AuditedOrder, differences: readonly Difference[]): void {
    const isFine = (identity: IdentityName) => (differences.some((one) => one.identity === identity) ? 0 : 1);
    for (const identity of ['totals', 'history', 'same-content'] as const) count(identity, 1, isFine(identity));
    if (isConfirmed(order)) count('confirmed-is-paid', 1, isFine('confirmed-is-paid'));
  }

  return {
    count,
    add(claim) {
      const differences = checkClaim(claim);
      if (differences.length > 0) byClaim.set(claim.order.id, differences);
      countOrder(claim);
      countPayments(claim);
      countBooks(claim);
      countRows(claim.order, differences);
    },
    addOrphan(hold) {
      count('hold-has-order', 1, 0);
      countHold(hold);
      byClaim.set(hold.claimId, [{ identity: 'hold-has-order', id: hold.claimId, waitsFor: ['outbox', 'won'] }]);
    },
    differ: (difference) => void others.push(difference),
    correct(claimId, again) {
      if (again.length === 0) byClaim.delete(claimId);
      else byClaim.set(claimId, again);
    },
    sides: (identity) => all.get(identity) ?? { left: 0, right: 0 },
    doubtful: () => [...byClaim.keys()],
    *differences() {
      yield* byClaim.values();
      yield others;
    },
    ...{ sold, held, soldHolds, heldHolds, orders },
  };
}

const units = () => new Map<string, number>();

export function grow(of: Map<string, number>, place: string, by: number): void {
  of.set(place, (of.get(place) ?? 0) + by);
}
