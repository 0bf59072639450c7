import type { ClientBase } from 'pg';

/*
 * Where the shopper has said how to pay, a provider may know of it: the payments worker looks, and calls it off. A payment
 * that nobody has begun is over at once, and one that was taken is refunded. The bounds say which months can be meant.
 */
const END = `
  update payments set
    due_at = case when kind is not null or status <> 'PENDING' then now() end,
    status = case when kind is null and provider is null then 'CANCELLED' else status end,
    updated_at = now()
  where order_id = any ($1::uuid[]) and order_id between $2::uuid and $3::uuid 
    and (status in ('PENDING', 'AUTHORIZED') or (status in ('CAPTURED', 'SURPLUS') and refunded_minor < amount_minor))`;

/** Of orders that were just cancelled, inside the caller's transaction. */
export async function endPayments(client: ClientBase, orderIds: readonly string[]): Promise<void> {
  const sorted = orderIds.toSorted();
  if (sorted.length === 0) return;
  await client.query({ name: 'end-payments', text: END, values: [sorted, sorted.at(0), sorted.at(-1)] });
}
