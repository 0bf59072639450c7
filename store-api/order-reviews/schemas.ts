/** A suspicious order as those see it who decide about it. */
import Type, { type Static } from 'typebox';
import { FraudFacts, FraudOpinion } from '../../contracts/fraud.ts';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import type { KnownReview } from '../../db/queries/fraud/find-review.ts';
import type { OpenReview } from '../../db/queries/list-reviews.ts';

export const Id = Type.String({ pattern: UUID_V7_PATTERN });
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const fields = {
  orderId: Type.String(),
  shopperId: Type.String(),
  source: Type.Union([Type.Literal('drop'), Type.Literal('store')]),
  total: Type.Integer({ minimum: 0, description: 'Minor units of the currency.' }),
  currency: Type.String(),
  score: Type.Integer({ description: 'From 41 to 70: above, an order is refused by itself.' }),
  signals: Type.Array(Type.Object({ signal: Type.String(), points: Type.Integer() })),
  model: nullable(FraudOpinion),
  facts: nullable(FraudFacts),
  openedAt: Type.Integer(),
  holdUntil: nullable(
    Type.Integer({ description: 'Undecided by then, it is cancelled and its units are for others.' }),
  ),
};
export const Review = Type.Object(fields);
export const DecidedReview = Type.Object({
  ...fields,
  orderStatus: Type.String(),
  decision: nullable(Type.Union([Type.Literal('approved'), Type.Literal('rejected')])),
  decidedBy: nullable(Type.String({ description: 'A role and an id; `orders` or `store` for one that was blocked.' })),
  decidedAt: nullable(Type.Integer()),
});
export const Waiting = Type.Object(
  {
    ...{ count: Type.Integer(), underHour: Type.Integer(), underDay: Type.Integer(), older: Type.Integer() },
    oldestAt: nullable(Type.Integer()),
  },
  { description: 'All that wait, by how long they have.' },
);

export function shown(review: OpenReview): Static<typeof Review> {
  const { orderId, shopperId, source, currency, score, totalMinor, openedAtMs, holdUntilMs, signals } = review;
  return {
    ...{ orderId, shopperId, source, currency, score, signals: [...signals] },
    ...{ total: totalMinor, openedAt: openedAtMs, holdUntil: holdUntilMs },
    ...{ model: review.model, facts: review.facts },
  };
}

export function shownDecided(review: KnownReview): Static<typeof DecidedReview> {
  const { orderStatus, decision, decidedBy, decidedAtMs } = review;
  return { ...shown(review), orderStatus, decision, decidedBy, decidedAt: decidedAtMs };
}
