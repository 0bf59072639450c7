/** A checkout of a shopper who has one already: it ends, its units and codes serve the new one, or everything stays. */
import { lockReservations } from '../../db/queries/checkouts/change-checkout.ts';
import { giveUpCheckout } from '../../db/queries/checkouts/end-checkout.ts';
import { lockOpenCheckouts } from '../../db/queries/checkouts/find-checkout.ts';
import { findKey, lockKey } from '../../db/queries/idempotency-keys.ts';
import { lockStock } from '../../db/queries/stock/lock-stock.ts';
import { reserveStock } from '../../db/queries/stock/reserve-stock.ts';
import { type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import { together } from '../../platform/connections/postgres-together.ts';
import { retryingConflicts } from '../idempotency/retrying-conflicts.ts';
import type { StoreServices } from '../services.ts';
import { type CheckoutOutcome, type CheckoutRequest, stockRequestOf, useCodes, writeAll } from './make-checkouts.ts';

/** Undoes the transaction, so that the checkout that was there is not lost for one that cannot be made. */
class NotMade extends Error {
  readonly outcome: CheckoutOutcome;

  constructor(outcome: CheckoutOutcome) {
    super(`A checkout was not made: ${outcome.kind}.`);
    this.outcome = outcome;
  }
}

type Parts = Pick<StoreServices, 'database' | 'clock'>;

export async function replaceCheckout(parts: Parts, request: CheckoutRequest): Promise<CheckoutOutcome> {
  try {
    return await retryingConflicts(() =>
      withTransaction(parts.database, (client) => replaceInside(client, request, parts.clock.now()), {
        plannedOnce: true,
      }),
    );
  } catch (error) {
    if (error instanceof NotMade) return error.outcome;
    throw error;
  }
}

async function replaceInside(
  client: DatabaseClient,
  request: CheckoutRequest,
  nowMs: number,
): Promise<CheckoutOutcome> {
  const { asked } = request;
  const isFree = asked === undefined || ((await lockKey(client, asked)) && !(await findKey(client, asked, nowMs)));
  if (!isFree) return { kind: 'repeated' };
  await endBefore(client, request);
  const reserved = await reserveStock(client, [stockRequestOf(request)]);
  if (!reserved.has(request.id)) throw new NotMade({ kind: 'lost' });
  const refusal = await useCodes(client, request, nowMs);
  if (refusal !== undefined) throw new NotMade(refusal);
  await together(client, (asking) => writeAll(asking, [request], nowMs));
  return { kind: 'made' };
}

async function endBefore(client: DatabaseClient, { draft, parts }: CheckoutRequest): Promise<void> {
  const { userId } = draft.owner;
  const before = (await lockOpenCheckouts(client, [userId])).get(userId);
  if (before === undefined) return;
  const shelves = await lockReservations(client, before);
  // Those of both at once and in their order: nobody who wants the same is waited for with some in hand.
  await lockStock(client, [...shelves, ...parts], 'released');
  await giveUpCheckout(client, before);
}
