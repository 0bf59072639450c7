/**
 * Where all checkouts of this process are made: those that arrive meanwhile together in the next transaction. One lock of a
 * hot shelf and one write to the disk serve all of them (docs/decisions/0007-reservations-in-batches.md), and who comes
 * first among them is a matter of their tier, not of chance.
 */
import { LIMITS } from '../../contracts/limits.ts';
import { createBatcher } from '../../reservation-core/batcher.ts';
import { createTurns } from '../cart/turns.ts';
import { isRace, retryingConflicts } from '../idempotency/retrying-conflicts.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';
import { type CheckoutOutcome, type CheckoutRequest, makeCheckouts } from './make-checkouts.ts';
import { replaceCheckout } from './replace-checkout.ts';

export interface CheckoutDesk {
  /** Rejects with BUSY when too many wait. */
  make(request: CheckoutRequest): Promise<CheckoutOutcome>;
}

type Outcome = CheckoutOutcome | { readonly kind: 'failed'; readonly error: unknown };

export function createCheckoutDesk(services: Pick<StoreServices, 'database' | 'clock'>): CheckoutDesk {
  async function outcomesOf(requests: readonly CheckoutRequest[]): Promise<Outcome[]> {
    try {
      return await retryingConflicts(() => makeCheckouts(services, requests));
    } catch (error) {
      // A shopper who begins one after the other all the time is in the way of no batch.
      if (requests.length === 1) return [isRace(error) ? { kind: 'alone' } : { kind: 'failed', error }];
      // One that the database does not take must not spoil it for the others.
      const alone: Outcome[] = [];
      for (const request of requests) alone.push(...(await outcomesOf([request])));
      return alone;
    }
  }

  const inTurn = createTurns(LIMITS.cartChangesWaiting);
  const batcher = createBatcher<CheckoutRequest, Outcome>({
    ...{ maxBatch: LIMITS.stockBatch, maxQueue: LIMITS.stockQueue, maxInFlight: LIMITS.stockBatchesInFlight },
    ...{ deadlineMs: LIMITS.stockDeadlineMs, retryAfterMs: LIMITS.stockDeadlineMs, clock: services.clock },
    // A failure is an answer here: what may have been committed is known by its key.
    call: outcomesOf,
    onFailedCall: () => undefined,
  });

  const inLine = new Map<string, number>();
  /** One after the other: at once they would only undo one another. */
  async function makeAlone(request: CheckoutRequest): Promise<CheckoutOutcome> {
    const { userId } = request.draft.owner;
    inLine.set(userId, (inLine.get(userId) ?? 0) + 1);
    try {
      return await inTurn(userId, () => replaceCheckout(services, request));
    } finally {
      const left = (inLine.get(userId) ?? 1) - 1;
      if (left === 0) inLine.delete(userId);
      else inLine.set(userId, left);
    }
  }

  return {
    async make(request) {
      if (inLine.has(request.draft.owner.userId)) return await makeAlone(request);
      const answer = await batcher.submit(request);
      if (!answer.ok) throw new Refusal('BUSY', { detail: 'Too many are buying at this moment.' });
      const { reply } = answer;
      if (reply.kind === 'alone') return await makeAlone(request);
      if (reply.kind === 'failed') throw reply.error;
      return reply;
    },
  };
}
