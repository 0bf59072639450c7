/**
 * The provider has taken the money, and the payment here does not know it: the payments worker asks again. Money for an
 * order that nobody has is told to the operator.
 */
import type { BookedCharge, PaymentProvider } from '../../../commerce/payments/provider.ts';
import { isUuidV7 } from '../../../contracts/ids.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import { adoptCharges, type BookedName, paymentsOfCharges } from '../../../db/queries/wake-payments.ts';
import type { Finding, ReconcileCore, Told } from '../core.ts';

export async function reconcileBooks(core: ReconcileCore): Promise<Told[]> {
  const told: Told[] = [];
  for (const provider of core.providers) {
    let page: BookedName[] = [];
    for await (const charge of charges(core, provider)) {
      page.push({ orderId: charge.orderId, id: charge.paymentId, provider: provider.name, ref: charge.ref });
      if (page.length < LIMITS.ordersBatch) continue;
      told.push(...(await compare(core, page)));
      page = [];
    }
    told.push(...(await compare(core, page)));
  }
  return told;
}

/** What was captured, is not given back, and is older than the grace; of the newest so many. */
async function* charges(core: ReconcileCore, provider: PaymentProvider): AsyncGenerator<BookedCharge> {
  const nowMs = core.clock.now();
  let left: number = LIMITS.reconcileCharges;
  for await (const charge of provider.booked(nowMs - core.booksMs)) {
    if (left === 0) return;
    left -= 1;
    const { paymentId, orderId, capturedMinor, refundedMinor, createdAtMs } = charge;
    const isOurs = isUuidV7(paymentId) && isUuidV7(orderId);
    if (isOurs && capturedMinor > refundedMinor && createdAtMs < nowMs - core.graceMs) yield charge;
  }
}

async function compare(core: ReconcileCore, page: readonly BookedName[]): Promise<Told[]> {
  if (page.length === 0) return [];
  const known = await paymentsOfCharges(core.database, page);
  const asleep: BookedName[] = [];
  const findings: Finding[] = [];
  for (const charge of page) {
    const payment = known.get(charge.id);
    const of = { kind: 'provider-only', id: charge.id, orderId: charge.orderId } as const;
    if (payment === undefined) {
      if (core.dropId !== undefined) continue;
      const advice = `no order has this payment: refund ${charge.ref} at the provider`;
      findings.push({ ...of, what: `captured at ${charge.provider}, unknown here`, advice });
      continue;
    }
    const isHere = payment.status === 'CAPTURED' || payment.status === 'SURPLUS' || payment.isDue;
    if (isHere || (core.dropId !== undefined && payment.dropId !== core.dropId)) continue;
    if (payment.status !== 'PENDING') {
      const advice = `refund ${charge.ref} at the provider`;
      findings.push({ ...of, what: `captured at ${charge.provider}, ${payment.status} here`, advice });
      continue;
    }
    asleep.push(charge);
    findings.push({ ...of, what: `captured at ${charge.provider}, ${payment.status} here` });
  }
  const mended = core.dryRun ? new Set<string>() : await adoptCharges(core.database, asleep);
  return findings.map((finding) => ({ ...finding, mended: mended.has(finding.id) }));
}
