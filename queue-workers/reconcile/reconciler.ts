/** Finds and mends what a crash between two systems has left, a bounded piece of it at a time. */
import { LIMITS } from '../../contracts/limits.ts';
import { stuckRefunds, wakeRefunds } from '../../db/queries/wake-payments.ts';
import type { OrderKind, Piece, ReconcileCore, Seen, Told } from './core.ts';
import { createHoldSweep } from './hold-sweep.ts';
import { capturedUnconfirmed } from './kinds/captured-unconfirmed.ts';
import { confirmedNotSold } from './kinds/confirmed-not-sold.ts';
import { reconcileReservations } from './kinds/held-for-nobody.ts';
import { orderOverdue } from './kinds/order-overdue.ts';
import { orderWithoutHold } from './kinds/order-without-hold.ts';
import { paymentStuck } from './kinds/payment-stuck.ts';
import { reconcileBooks } from './kinds/provider-only.ts';
import { refundMissing } from './kinds/refund-stuck.ts';
import { soldNotConfirmed } from './kinds/sold-not-confirmed.ts';
import { storeConfirmedNotSold, storeSoldNotConfirmed } from './kinds/store-units.ts';
import { readOrderPage } from './order-sweep.ts';

const ORDER_KINDS: readonly OrderKind[] = [
  capturedUnconfirmed,
  confirmedNotSold,
  soldNotConfirmed,
  storeConfirmedNotSold,
  storeSoldNotConfirmed,
  orderWithoutHold,
  orderOverdue,
  paymentStuck,
  refundMissing,
];

export interface Reconciler {
  /** One bounded piece of the walk over the orders, and whether it has reached the end. */
  orders(core: ReconcileCore): Promise<Piece>;
  /** Likewise over the holds. */
  holds(core: ReconcileCore): Promise<Piece>;
  refunds(core: ReconcileCore): Promise<readonly Told[]>;
  books(core: ReconcileCore): Promise<readonly Told[]>;
  /** Units of the store that are held for nobody. */
  reservations(core: ReconcileCore): Promise<readonly Told[]>;
}

export function createReconciler(): Reconciler {
  const holdSweep = createHoldSweep();
  let after: string | undefined;

  return {
    holds: (core) => holdSweep.go(core),
    books: reconcileBooks,
    refunds: reconcileRefunds,
    reservations: reconcileReservations,
    async orders(core) {
      const told: Told[] = [];
      for (let looked = 0; looked < LIMITS.reconcileOrders; ) {
        const { seen, next } = await readOrderPage(core, after);
        // Before it is mended: a page that cannot be must not keep the ones behind it from being looked at.
        after = next;
        told.push(...(await reconcileOrders(core, seen)));
        looked += seen.length;
        if (next === undefined) return { told, ended: true };
      }
      return { told, ended: false };
    },
  };
}

/** Everything once, from the beginning to the end of the window. */
export async function reconcileAll(core: ReconcileCore): Promise<{ told: readonly Told[]; notes: readonly string[] }> {
  const reconciler = createReconciler();
  const told: Told[] = [];
  const notes: string[] = [];
  for (const walk of [reconciler.holds, reconciler.orders]) {
    for (let isOver = false; !isOver; ) {
      const piece = await walk(core);
      told.push(...piece.told);
      if (piece.note !== undefined) notes.push(piece.note);
      isOver = piece.ended;
    }
  }
  told.push(...(await reconciler.books(core)), ...(await reconciler.refunds(core)));
  told.push(...(await reconciler.reservations(core)));
  return { told, notes };
}

async function reconcileOrders(core: ReconcileCore, page: readonly Seen[]): Promise<Told[]> {
  const told: Told[] = [];
  const seen = new Map(page.map((one) => [one.order.id, one]));
  for (const kind of ORDER_KINDS) {
    const findings = page.flatMap((one) => kind.find(one, core));
    if (findings.length === 0) continue;
    const mended = core.dryRun ? new Set<string>() : await kind.mend(core, findings, seen);
    told.push(...findings.map((finding) => ({ ...finding, mended: mended.has(finding.id) })));
  }
  return told;
}

async function reconcileRefunds(core: ReconcileCore): Promise<Told[]> {
  const { database, clock, graceMs, dropId } = core;
  const stuck = await stuckRefunds(database, clock.now() - graceMs, LIMITS.reconcileMends, dropId);
  if (stuck.length === 0) return [];
  const mended = core.dryRun
    ? new Set<string>()
    : await wakeRefunds(
        database,
        stuck.map(({ id }) => id),
      );
  return stuck.map(({ id, orderId }) => {
    const what = 'a refund is to be made, and nobody has it before them';
    return { kind: 'refund-stuck', id, orderId, what, mended: mended.has(id) };
  });
}
