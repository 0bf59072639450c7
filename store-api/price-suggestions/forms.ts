import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { Problem } from '../plugins/problems.ts';

export const tags = ['price suggestions'];
export const refusals = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem };
export const exact = { additionalProperties: false } as const;

const Money = (description: string) =>
  Type.Integer({ minimum: 0, maximum: LIMITS.priceMinor, description: `${description} Minor units.` });

export const BoundsBody = Type.Object(
  {
    floor: Money('No suggestion is below it.'),
    ceiling: Money('No suggestion is above it.'),
    cost: Type.Optional(
      Money(
        'What a unit costs the merchant; the floor is not below it. Without it only the stock speaks for another price.',
      ),
    ),
  },
  exact,
);

export const BoundsAnswer = Type.Object({
  sku: Type.String(),
  floor: Type.Integer(),
  ceiling: Type.Integer(),
  cost: Type.Union([Type.Integer(), Type.Null()]),
  currency: Type.String({ description: 'That of the article.' }),
});

const Outcome = Type.Object({
  units: Type.Number(),
  revenue: Type.Integer({ description: 'Minor units.' }),
  revenueLow: Type.Integer({ description: 'It lies between these nine times of ten.' }),
  revenueHigh: Type.Integer(),
});

export const State = Type.Union([
  Type.Literal('open'),
  Type.Literal('accepted'),
  Type.Literal('dismissed'),
  Type.Literal('superseded'),
]);

export const Suggestion = Type.Object({
  ...{ id: Type.String(), sku: Type.String(), title: Type.String(), state: State },
  price: Type.Integer({ description: 'That it was made for.' }),
  suggested: Type.Integer(),
  ...{ currency: Type.String(), floor: Type.Integer(), ceiling: Type.Integer() },
  reason: Type.String({ description: 'scarce, plenty, margin or bounds' }),
  why: Type.String({ description: 'The figures in sentences.' }),
  days: Type.Integer({ description: 'That the figures are about.' }),
  kept: Outcome,
  changed: Outcome,
  elasticity: Type.Object({
    value: Type.Number({ description: 'Percent of demand for a percent of price.' }),
    deviation: Type.Number(),
    from: Type.String({ description: 'own prices, those of its category, or what is usual' }),
    prices: Type.Integer({ description: 'Different prices that were asked for long enough to count.' }),
  }),
  stock: Type.Integer(),
  ...{ madeAt: Type.Integer(), expiresAt: Type.Integer() },
});
export type Suggestion = Type.Static<typeof Suggestion>;

export const SuggestionPage = Type.Object({
  items: Type.Array(Suggestion),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});
