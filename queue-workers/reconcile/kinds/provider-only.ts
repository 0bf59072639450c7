/**
 * The provider has taken the money, and the payment here does not know it: the payments worker asks again. Money for an
 * order that nobody has is told to the operator.
 */
import type { BookedCharge, PaymentProvider } from '../../../commerce/payments/provider.ts';
import { isUuidV7 } from '../../../contracts/ids.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import {
  adoptCharges,
  type BookedName,
  type PaymentOfCharge,
  paymentsOfCharges,
} from '../../../db/queries/wake-payments.ts';
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
    if (core.dropId !== undefined && payment?.dropId !== core.dropId) continue;
    const finding = findingOf(charge, payment);
    if (finding === undefined) continue;
    findings.push({ kind: 'provider-only', id: charge.id, orderId: charge.orderId, ...finding });
    if (finding.advice === undefined) asleep.push(charge);
  }
  const mended = core.dryRun ? new Set<string>() : await adoptCharges(core.database, asleep);
  return findings.map((finding) => ({ ...finding, mended: mended.has(finding.id) }));
}

function findingOf(
  charge: BookedName,
  payment: PaymentOfCharge | undefined,
): Pick<Finding, 'what' | 'advice'> | undefined {
  const [at, advice] = [`captured at ${charge.provider}`, `refund ${charge.ref} at the provider`];
  if (payment === undefined) return { what: `${at}, unknown here`, advice: `no order has this payment: ${advice}` };
  const { status, provider, ref } = payment;
  if (status === 'CAPTURED' || status === 'SURPLUS') {
    if (provider === charge.provider && ref === charge.ref) return undefined;
    return { what: `${at} (${charge.ref}), and at ${provider} (${ref})`, advice: `taken twice: ${advice}` };
  }
  if (payment.isDue) return undefined;
  return { what: `${at}, ${status} here`, ...(status === 'PENDING' ? {} : { advice }) };
}
