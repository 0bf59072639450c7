/**
 * One claim: its hold in Redis, its order in PostgreSQL, the charges of its payments at the providers. What does not agree
 * is said by the identity that it breaks. Nothing here reads or writes anything.
 */
import { canStep } from '../../commerce/orders/states.ts';
import type { OrderState } from '../../contracts/orders/states.ts';
import type { AuditedOrder, AuditedPayment } from '../../db/queries/audited-orders.ts';
import type { HoldRecord, HoldState } from '../../reservation-core/hold-states.ts';
import type { IdentityName, PipelinePart } from './report.ts';

/** What a provider's books say of one payment, over all of its charges. */
export interface BookedPayment {
  readonly orderId: string;
  readonly provider: string;
  readonly ref: string;
  readonly captures: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

export interface RegionHold extends HoldRecord {
  readonly region: string;
}

export interface Difference {
  readonly identity: IdentityName;
  readonly id: string;
  /** The parts of the pipeline that would explain it while they are not empty. */
  readonly waitsFor: readonly PipelinePart[];
  /** Something that is bound to happen explains it. */
  readonly isUnderWay?: boolean;
  readonly harm?: 'charged for nothing';
}

export interface Claim {
  readonly order: AuditedOrder;
  /** 'not asked' where the region cannot tell. */
  readonly hold: RegionHold | undefined | 'not asked';
  /** By payment; undefined where no provider was asked. */
  readonly books: ReadonlyMap<string, BookedPayment> | undefined;
  /** The providers that were asked. */
  readonly asked: ReadonlySet<string>;
  readonly nowMs: number;
}

/** What an order says of the units: a sale that was called off later is still a sale in Redis. */
export function expectedState(order: AuditedOrder, hold: HoldRecord | undefined): HoldState {
  if (order.status === 'PENDING' || order.status === 'REVIEW') return 'held';
  if (!isCancelled(order)) return 'sold';
  return hold?.state === 'sold' && order.history.includes('CONFIRMED') ? 'sold' : 'released';
}

export function isCancelled({ status, history }: Pick<AuditedOrder, 'status' | 'history'>): boolean {
  return (
    status === 'CANCELLED' || status === 'REFUND_PENDING' || (status === 'REFUNDED' && history.includes('CANCELLED'))
  );
}

export function checkClaim(claim: Claim): Difference[] {
  return [
    ...checkHold(claim),
    ...checkRows(claim.order),
    ...checkPayments(claim.order),
    ...claim.order.payments.flatMap((payment) => checkBooks(claim, payment)),
  ];
}

const EXPLAINED: Readonly<Record<HoldState, Readonly<Record<HoldState, readonly PipelinePart[]>>>> = {
  held: { held: [], sold: ['payments'], released: ['outbox', 'released', 'payments'] },
  // A hold becomes a sale before its order is confirmed, so no delay explains a confirmed order without one.
  sold: { held: [], sold: [], released: [] },
  released: { held: ['payments', 'outbox', 'released'], sold: ['payments'], released: [] },
};

function checkHold({ order, hold, nowMs }: Claim): Difference[] {
  if (hold === 'not asked') return [];
  if (hold === undefined) return [{ identity: 'order-has-hold', id: order.id, waitsFor: [] }];
  const differences: Difference[] = [];
  const expected = expectedState(order, hold);
  if (hold.state !== expected) {
    const waitsFor = EXPLAINED[expected][hold.state];
    // The hold of an order that was cancelled ends at its time at the latest.
    const endsByItself = expected === 'released' && hold.state === 'held' && hold.untilMs > nowMs;
    const of = { id: order.id, waitsFor, isUnderWay: endsByItself };
    differences.push({ identity: expected, ...of }, { identity: hold.state, ...of });
  }
  const same =
    order.sku === hold.sku &&
    order.units === hold.quantity &&
    order.shopperId === hold.shopperId &&
    order.region === hold.region;
  if (!same) differences.push({ identity: 'same-content', id: order.id, waitsFor: [] });
  return differences;
}

function checkRows(order: AuditedOrder): Difference[] {
  const { id, step, steps, history, status } = order;
  const addsUp =
    order.lines > 0 &&
    // A price contains its tax, or the tax comes on top of it.
    (order.linesMinor === order.itemsMinor || order.linesMinor === order.itemsMinor + order.taxMinor) &&
    order.sumMinor === order.totalMinor &&
    order.payments.some(({ amountMinor }) => amountMinor === order.totalMinor);
  const isWhole =
    steps.length === step + 1 &&
    steps.every((number, at) => number === at) &&
    history[0] === 'PENDING' &&
    history.at(-1) === status &&
    history.every((after, at) => at === 0 || canStep(history[at - 1] ?? after, after));
  return [
    ...(addsUp ? [] : [{ identity: 'totals', id, waitsFor: [] } as const]),
    ...(isWhole ? [] : [{ identity: 'history', id, waitsFor: [] } as const]),
  ];
}

export const wasTaken = ({ status }: AuditedPayment): boolean => status === 'CAPTURED' || status === 'SURPLUS';
const isKept = (payment: AuditedPayment): boolean => wasTaken(payment) && payment.refundedMinor < payment.amountMinor;

const NEVER_PAID: ReadonlySet<OrderState> = new Set(['PENDING', 'REVIEW']);

export function isConfirmed(order: AuditedOrder): boolean {
  return !NEVER_PAID.has(order.status) && !isCancelled(order);
}

function checkPayments(order: AuditedOrder): Difference[] {
  const { payments, totalMinor } = order;
  const differences: Difference[] = [];
  const [, ...more] = payments.filter(isKept);
  for (const { id, isDue } of more) {
    differences.push({ identity: 'paid-once', id, waitsFor: [], isUnderWay: isDue });
  }
  for (const { id, status, amountMinor } of payments) {
    if (status === 'CAPTURED' && amountMinor !== totalMinor) {
      differences.push({ identity: 'paid-in-full', id, waitsFor: [] });
    }
  }
  const pays = ({ status, kind }: AuditedPayment) =>
    status === 'CAPTURED' || (status === 'AUTHORIZED' && kind === 'cod');
  if (isConfirmed(order) && !payments.some(pays)) {
    differences.push({ identity: 'confirmed-is-paid', id: order.id, waitsFor: [] });
  }
  if (!isCancelled(order)) return differences;
  for (const { id, isDue } of payments.filter(isKept)) {
    const harm = { harm: 'charged for nothing', isUnderWay: isDue } as const;
    differences.push({ identity: 'cancelled-is-refunded', id, waitsFor: [], ...harm });
  }
  return differences;
}

function checkBooks({ books, asked }: Claim, payment: AuditedPayment): Difference[] {
  const booked = books?.get(payment.id);
  const wasAsked = payment.provider !== null && asked.has(payment.provider);
  if (books === undefined || (!wasAsked && booked === undefined)) return [];
  const { captures = 0, capturedMinor = 0, refundedMinor = 0 } = booked ?? {};
  const of = { id: payment.id, waitsFor: [], isUnderWay: payment.isDue };
  const differences: Difference[] = [];
  if (captures > 1) differences.push({ identity: 'captured-once', id: payment.id, waitsFor: [] });
  const here = wasTaken(payment) ? payment.amountMinor : 0;
  if (captures <= 1 && capturedMinor !== here) {
    const harm = capturedMinor > here ? ({ harm: 'charged for nothing' } as const) : {};
    differences.push({ identity: 'captured-there', ...of, ...harm });
  }
  if (refundedMinor !== payment.refundedMinor) differences.push({ identity: 'refunded-there', ...of });
  return differences;
}
