import type { ClientBase } from 'pg';
import type { OrderState } from '../../../contracts/orders/states.ts';
import type { OpenReview } from '../list-reviews.ts';

export interface KnownReview extends OpenReview {
  readonly orderStatus: OrderState;
  readonly decision: 'approved' | 'rejected' | null;
  /** A role and an id, or the part of the shop that blocked the order. */
  readonly decidedBy: string | null;
  readonly decidedAtMs: number | null;
}

const FIND = `
  select r.order_id as "orderId", o.shopper_id as "shopperId", o.source, o.total_minor::float8 as "totalMinor", o.currency,
    o.status as "orderStatus", r.score, r.signals, r.facts, r.model, r.decision, r.decided_by as "decidedBy",
    round(extract(epoch from r.opened_at) * 1000)::float8 as "openedAtMs",
    round(extract(epoch from r.decided_at) * 1000)::float8 as "decidedAtMs",
    round(extract(epoch from o.hold_until) * 1000)::float8 as "holdUntilMs"
  from order_reviews r join orders o on o.id = r.order_id
  where r.order_id = $1::uuid and o.id = $1::uuid`;

/** Of any order that was judged suspicious, decided or not. */
export async function findReview(client: ClientBase, orderId: string): Promise<KnownReview | undefined> {
  return (await client.query<KnownReview>({ name: 'find-review', text: FIND, values: [orderId] })).rows[0];
}
