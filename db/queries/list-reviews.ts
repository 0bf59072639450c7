import type { ClientBase } from 'pg';
import type { FraudFacts, FraudOpinion } from '../../contracts/fraud.ts';

export interface OpenReview {
  readonly orderId: string;
  readonly shopperId: string;
  readonly source: 'drop' | 'store';
  readonly totalMinor: number;
  readonly currency: string;
  readonly score: number;
  readonly signals: readonly { readonly signal: string; readonly points: number }[];
  /** As they were written when it was judged; null of a time when they were not kept, or after an erasure. */
  readonly facts: FraudFacts | null;
  readonly model: FraudOpinion | null;
  readonly openedAtMs: number;
  /** When the units go back if nobody has decided. */
  readonly holdUntilMs: number | null;
}

/* Lateral: one look-up an order, in the one month that its id says. */
const LIST = `
  select r.order_id as "orderId", o.shopper_id as "shopperId", o.source, o.total_minor::float8 as "totalMinor", o.currency,
    r.score, r.signals, r.facts, r.model, round(extract(epoch from r.opened_at) * 1000)::float8 as "openedAtMs",
    round(extract(epoch from o.hold_until) * 1000)::float8 as "holdUntilMs"
  from order_reviews r
  join lateral (
    select shopper_id, source, total_minor, currency, hold_until from orders where id = r.order_id and status = 'REVIEW' limit 1
  ) o on true
  where r.decision is null
    and ($1::uuid is null or (r.opened_at, r.order_id) > (
      select opened_at, order_id from order_reviews where order_id = $1::uuid
    ))
  order by r.opened_at, r.order_id limit $2`;

/** Orders that wait for a decision, who has waited longest first; `after` is the last one of the page before. */
export async function listReviews(
  client: ClientBase,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<OpenReview[]> {
  const { rows } = await client.query<OpenReview>({ name: 'list-reviews', text: LIST, values: [after, limit] });
  return rows;
}
