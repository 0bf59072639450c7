import type { ClientBase } from 'pg';
import type { FraudFacts, FraudOpinion } from '../../contracts/fraud.ts';

export interface OpenedReview {
  readonly orderId: string;
  readonly score: number;
  readonly signals: readonly { readonly signal: string; readonly points: number }[];
  /** What it was judged by; what a model said. Null where nobody kept it. */
  readonly facts?: FraudFacts | null;
  readonly model?: FraudOpinion | null;
  /** Decided already, by this actor: the order was blocked. Null for one that a person has to decide. */
  readonly rejectedBy: string | null;
}

const OPEN = `
  insert into order_reviews (order_id, score, signals, facts, model, decision, decided_by, decided_at)
  select id, score, signals::jsonb, facts::jsonb, model::jsonb, case when rejected_by is not null then 'rejected'::review_decision end, rejected_by,
    case when rejected_by is not null then now() end
  from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[])
    as review (id, score, signals, rejected_by, facts, model)
  on conflict (order_id) do nothing`;

/** Writes down why orders need a decision, or got one, inside the caller's transaction. */
export async function openReviews(client: ClientBase, reviews: readonly OpenedReview[]): Promise<void> {
  if (reviews.length === 0) return;
  await client.query({
    name: 'open-reviews',
    text: OPEN,
    values: [
      reviews.map(({ orderId }) => orderId),
      reviews.map(({ score }) => score),
      reviews.map(({ signals }) => JSON.stringify(signals)),
      reviews.map(({ rejectedBy }) => rejectedBy),
      reviews.map(({ facts }) => textOf(facts)),
      reviews.map(({ model }) => textOf(model)),
    ],
  });
}

function textOf(json: object | null | undefined): string | null {
  return json === null || json === undefined ? null : JSON.stringify(json);
}
