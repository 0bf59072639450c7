/** The checkout that a path names, if it is the caller's: somebody else's is answered like none. */
import type { FastifyRequest } from 'fastify';
import { type CheckoutRow, lockCheckout } from '../../db/queries/checkouts/find-checkout.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { callerOf } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';

export function isOwn(request: FastifyRequest, checkout: CheckoutRow | undefined): checkout is CheckoutRow {
  return checkout !== undefined && checkout.shopperId === callerOf(request).userId;
}

/** Locked, and open still. */
export async function lockOwnOpen(
  client: DatabaseClient,
  request: FastifyRequest,
  id: string,
  nowMs: number,
): Promise<CheckoutRow> {
  return ownOpen(request, await lockCheckout(client, id), nowMs);
}

export function ownOpen(request: FastifyRequest, checkout: CheckoutRow | undefined, nowMs: number): CheckoutRow {
  if (!isOwn(request, checkout)) throw new Refusal('NOT_FOUND');
  const isOver = checkout.status === 'EXPIRED' || (checkout.status === 'OPEN' && checkout.expiresAtMs <= nowMs);
  if (isOver) throw new Refusal('CHECKOUT_EXPIRED');
  if (checkout.status !== 'OPEN') {
    const detail = checkout.status === 'PLACED' ? `It is the order ${checkout.id}.` : 'It was given up.';
    throw new Refusal('CHECKOUT_ENDED', { detail });
  }
  return checkout;
}
