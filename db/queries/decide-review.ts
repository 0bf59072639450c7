import type { ClientBase, Pool } from 'pg';

export interface ReviewDecision {
  readonly orderId: string;
  readonly decision: 'approved' | 'rejected';
  /** Who decided: a role and an id. */
  readonly by: string;
}

const DECIDE = `
  with decided as (
    update order_reviews set decision = $2::review_decision, decided_by = $3, decided_at = now()
    where order_id = $1::uuid and decision is null
    returning order_id
  ), due as (
    update payments set due_at = now() from decided
    where payments.order_id = decided.order_id and payments.order_id = $1::uuid
  )
  select order_id from decided`;

/** Decides once; the payments worker follows the decision. False when there is no open review of this order. */
export async function decideReview(database: Pool | ClientBase, review: ReviewDecision): Promise<boolean> {
  const values = [review.orderId, review.decision, review.by];
  const { rowCount } = await database.query({ name: 'decide-review', text: DECIDE, values });
  return rowCount === 1;
}
