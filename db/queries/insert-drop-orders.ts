import type { ClientBase } from 'pg';

/** A won claim as it becomes an order. The order has the id of the claim. */
export interface DropOrder {
  readonly claimId: string;
  /** The shopper's idempotency key, from which a rebuilt region answers a repeat as it did before. */
  readonly claimKey: string;
  readonly dropId: string;
  readonly region: string;
  readonly shopperId: string;
  readonly sku: string;
  readonly productTitle: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly currency: string;
  readonly claimedAtMs: number;
  readonly holdUntilMs: number;
  /** The encoded `order.created` event, sent only if the order is new. */
  readonly event: string;
}

/*
 * One statement writes all five rows of each order. Everything hangs on `placed`: what ON CONFLICT leaves out of it gets
 * no item, no payment, no history and no event, so a claim that is delivered again changes nothing.
 */
const INSERT = `
  with claims as materialized (
    select * from unnest(
      $1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[],
      $7::int[], $8::bigint[], $9::text[], $10::float8[], $11::float8[], $12::text[], $13::text[]
    ) as claim (
      id, drop_id, region, shopper_id, sku, title, quantity, price, currency, claimed_at_ms, hold_until_ms, event, claim_key
    )
  ), placed as (
    insert into orders (
      id, source, drop_id, region, shopper_id, currency, items_minor, total_minor, placed_at, hold_until,
      claim_key
    )
    select id, 'drop', drop_id, region, shopper_id, currency, price * quantity, price * quantity,
      to_timestamp(claimed_at_ms / 1000), to_timestamp(hold_until_ms / 1000),
      claim_key
    from claims
    on conflict (id) do nothing
    returning id
  ), fresh as materialized (
    select claims.* from claims join placed using (id)
  ), items as (
    insert into order_items (order_id, line, sku, title, quantity, unit_price_minor)
    select id, 1, sku, title, quantity, price from fresh
  ), history as (
    insert into order_status_history (order_id, step, status, reason, actor, at)
    select id, 0, 'PENDING', 'claimed', 'orders', to_timestamp(claimed_at_ms / 1000) from fresh
  ), payment as (
    insert into payments (order_id, id, currency, amount_minor)
    select id, id, currency, price * quantity from fresh
  ), event as (
    insert into outbox (topic, key, payload)
    select 'order.created', id::text, event from fresh
  )
  select id from fresh`;

/**
 * Writes the orders of a batch of claims, inside the caller's transaction, and says which of them were new.
 * A claim whose time lies in no month that exists fails the batch: see claimWithoutMonth.
 */
export async function insertDropOrders(client: ClientBase, claims: readonly DropOrder[]): Promise<ReadonlySet<string>> {
  const batch = inLockOrder(claims);
  const column = <T>(read: (claim: DropOrder) => T): T[] => batch.map(read);
  const { rows } = await client.query<{ id: string }>({
    name: 'insert-drop-orders',
    text: INSERT,
    values: [
      column((claim) => claim.claimId),
      column((claim) => claim.dropId),
      column((claim) => claim.region),
      column((claim) => claim.shopperId),
      column((claim) => claim.sku),
      column((claim) => claim.productTitle),
      column((claim) => claim.quantity),
      column((claim) => claim.unitPriceMinor),
      column((claim) => claim.currency),
      column((claim) => claim.claimedAtMs),
      column((claim) => claim.holdUntilMs),
      column((claim) => claim.event),
      column((claim) => claim.claimKey),
    ],
  });
  return new Set(rows.map((row) => row.id));
}

/**
 * Each claim once, in the order of the ids: two workers that got the same claims twice wait for one another in turn,
 * where any other order would let them deadlock.
 */
function inLockOrder(claims: readonly DropOrder[]): DropOrder[] {
  const once = new Map(claims.map((claim) => [claim.claimId, claim]));
  return [...once.values()].sort((a, b) => (a.claimId < b.claimId ? -1 : 1));
}
