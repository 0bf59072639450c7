/** Reminds people of carts that they left, deletes carts that nobody comes back to, gives codes of dead checkouts back. */
import type { IdSource } from '../../contracts/ids.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { noticeEvent } from '../../contracts/notices.ts';
import { deleteOldCarts, takeAbandonedCarts } from '../../db/queries/carts.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { takeDueRedemptions, undoRedemption } from '../../db/queries/redeem-codes.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import { type CountedLoop, type Repeated, repeatCounted } from '../repeat.ts';

export interface CartsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly nextId: IdSource;
  readonly limit?: number;
}

/** Asks for the mails of one batch; that they are told is written in the same transaction, so each is told once. */
export async function tellAbandoned({
  database,
  clock,
  nextId,
  limit = LIMITS.cartBatch,
}: CartsOptions): Promise<number> {
  const nowMs = clock.now();
  return await withTransaction(database, async (client) => {
    const carts = await takeAbandonedCarts(client, {
      untouchedSinceMs: nowMs - LIFETIMES.cartAbandonedMs,
      remindedBeforeMs: nowMs - LIFETIMES.cartRemindAgainMs,
      ...{ nowMs, limit },
    });
    const events = carts.map(({ userId, title, items }) => {
      const text = noticeEvent({
        template: 'cart-abandoned',
        userId,
        eventId: nextId(),
        at: nowMs,
        values: { title, items },
      });
      return { topic: 'notification.email', key: userId, text };
    });
    await insertOutbox(client, events);
    return carts.length;
  });
}

export async function deleteExpired({ database, clock, limit = LIMITS.cartBatch }: CartsOptions): Promise<number> {
  return await deleteOldCarts(database, clock.now() - LIFETIMES.cartMs, limit);
}

/** Of checkouts that never became an order. */
export async function giveCodesBack({ database, clock, limit = LIMITS.cartBatch }: CartsOptions): Promise<number> {
  return await withTransaction(database, async (client) => {
    const references = await takeDueRedemptions(client, clock.now(), limit);
    await undoRedemption(client, references);
    return references.length;
  });
}

const WORK = { told: tellAbandoned, deleted: deleteExpired, 'codes given back': giveCodesBack } as const;
export type CartWork = keyof typeof WORK;
const KINDS: readonly CartWork[] = ['codes given back', 'told', 'deleted'];

export interface CartsLoop extends CartsOptions, CountedLoop<CartWork> {}

export function startCarts(options: CartsLoop): Repeated {
  return repeatCounted(options, {
    kinds: KINDS,
    most: options.limit ?? LIMITS.cartBatch,
    work: (kind) => WORK[kind](options),
    trouble: 'carts could not be looked after, trying again',
  });
}
