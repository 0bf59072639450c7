import type { ClientBase, Pool } from 'pg';
import { LIFETIMES } from '../../contracts/limits.ts';

export interface ReviewDecision {
  readonly orderId: string;
  readonly decision: 'approved' | 'rejected';
  /** Who decided: a role and an id. */
  readonly by: string;
}

/*
 * The order is locked first, as everybody does it who moves one. What was approved is paid within the time of a checkout,
 * also where the first card is declined: its units do not wait for the rest of the day.
 */
const DECIDE = `
  with locked as materialized (
    select id, source from orders where id = $1::uuid and status = 'REVIEW' for no key update
  ), decided as (
    update order_reviews set decision = $2::review_decision, decided_by = $3, decided_at = now()
    from locked where order_id = locked.id and decision is null
    returning order_id, locked.source
  ), kept as (
    update orders set hold_until = now() + $4::float8 * interval '1 millisecond', updated_at = now() from decided
    where orders.id = decided.order_id and orders.id = $1::uuid and decided.source = 'store'
      and orders.status = 'REVIEW' and $2::review_decision = 'approved'
  ), due as (
    update payments set due_at = now() from decided
    where payments.order_id = decided.order_id and payments.order_id = $1::uuid
  )
  select order_id from decided`;

/**
 * Decides once; the payments worker follows the decision. False when there is no open review of this order, or the
 * order is cancelled already: a model would learn from a decision that nobody made about fraud.
 */
export async function decideReview(database: Pool | ClientBase, review: ReviewDecision): Promise<boolean> {
  const values = [review.orderId, review.decision, review.by, LIFETIMES.checkoutMs];
  const { rowCount } = await database.query({ name: 'decide-review', text: DECIDE, values });
  return rowCount === 1;
}
