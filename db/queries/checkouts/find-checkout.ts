import type { ClientBase } from 'pg';
import type { Asking } from '../../../platform/connections/postgres-together.ts';
import type { KeyName } from '../idempotency-keys.ts';

export type CheckoutStatus = 'OPEN' | 'PLACED' | 'CANCELLED' | 'EXPIRED';

export interface CheckoutRow {
  readonly id: string;
  readonly shopperId: string;
  readonly isGuest: boolean;
  readonly tier: string | null;
  readonly status: CheckoutStatus;
  readonly currency: string;
  readonly body: unknown;
  readonly expiresAtMs: number;
  readonly createdAtMs: number;
}

const FIND = `
  select id, shopper_id as "shopperId", is_guest as "isGuest", tier, status, currency, body,
    round(extract(epoch from expires_at) * 1000)::float8 as "expiresAtMs",
    round(extract(epoch from created_at) * 1000)::float8 as "createdAtMs"
  from checkouts where id = $1`;

export async function findCheckout(database: Asking, id: string): Promise<CheckoutRow | undefined> {
  return (await database.query<CheckoutRow>({ name: 'find-checkout', text: FIND, values: [id] })).rows[0];
}

/** Everybody who changes a checkout locks it here first, before its reservations. */
export async function lockCheckout(client: ClientBase, id: string): Promise<CheckoutRow | undefined> {
  const text = `${FIND} for update`;
  return (await client.query<CheckoutRow>({ name: 'lock-checkout', text, values: [id] })).rows[0];
}

/**
 * As lockCheckout, for who has asked for the lock of a key in the statement before this one: without it nothing is found
 * and nobody waited for. A key that is in hand has its checkout locked as well, and its repeat is not to wait for that.
 */
export async function lockCheckoutByKey(
  asking: Asking,
  id: string,
  { scope, key }: KeyName,
): Promise<CheckoutRow | undefined> {
  // The lock is asked for once more: who has it has it again, and an uncorrelated sub-select is looked at before any row.
  const text = `${FIND} and (select pg_try_advisory_xact_lock(hashtextextended($2 || ' ' || $3, 0))) for update`;
  return (await asking.query<CheckoutRow>({ name: 'lock-checkout-by-key', text, values: [id, scope, key] })).rows[0];
}

/** Those of these shoppers who have an open checkout at this moment. Nobody is waited for, and nothing is locked. */
export async function findOpenShoppers(asking: Asking, shopperIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await asking.query<{ shopperId: string }>({
    name: 'find-open-shoppers',
    text: `select shopper_id as "shopperId" from checkouts where shopper_id = any ($1::uuid[]) and status = 'OPEN'`,
    values: [shopperIds],
  });
  return new Set(rows.map(({ shopperId }) => shopperId));
}

/** The open checkouts of these shoppers, locked; by shopper. */
export async function lockOpenCheckouts(
  client: ClientBase,
  shopperIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ id: string; shopperId: string }>({
    name: 'lock-open-checkouts',
    text: `
      select id, shopper_id as "shopperId" from checkouts
      where shopper_id = any ($1::uuid[]) and status = 'OPEN' order by id for update`,
    values: [shopperIds],
  });
  return new Map(rows.map(({ id, shopperId }) => [shopperId, id]));
}
