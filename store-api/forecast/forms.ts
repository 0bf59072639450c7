import Type from 'typebox';
import { MODELS } from '../../commerce/forecast/forecast.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { Problem } from '../plugins/problems.ts';
import { Sku } from '../products/schemas.ts';

export const tags = ['forecasts'];
export const refusals = { 400: Problem, 401: Problem, 403: Problem, 404: Problem };
export const exact = { additionalProperties: false } as const;

export const nullable = (schema: Type.TSchema) => Type.Union([schema, Type.Null()]);
export const NextCursor = Type.Union([Type.String(), Type.Null()]);
export const limit = Type.Integer({ minimum: 1, maximum: 100, default: 20 });

export const PageQuery = { sku: Type.Optional(Sku()), cursor: Type.Optional(Sku()), limit };

export const Model = Type.String({ description: MODELS.join(', ') });

const Units = Type.Number({ description: 'Units, with fractions.' });
const Day = Type.Object({ day: Type.String(), mean: Units, low: Units, high: Units });
const Sum = Type.Object({
  days: Type.Integer(),
  mean: Units,
  low: Type.Number({ description: 'The sum lies between these as often as coverage says.' }),
  high: Type.Number(),
});

const fields = {
  model: Model,
  parameters: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
  daysSeen: Type.Integer(),
  unitsSeen: Type.Integer(),
  week: Sum,
  month: Sum,
  days: Type.Optional(Type.Array(Day, { description: 'Where one sku is asked for.' })),
};

export const ForecastAnswer = Type.Object({
  ...{ sku: Type.String(), title: Type.String() },
  fromDay: Type.Union([Type.String(), Type.Null()], { description: 'Null where nothing is forecast yet.' }),
  coverage: Type.Number(),
  madeAt: Type.Union([Type.Integer(), Type.Null()]),
  ...fields,
  regions: Type.Optional(
    Type.Array(Type.Object({ region: Type.String(), share: Type.Number(), ...fields }), {
      description: 'Where one sku is asked for; they add up to all.',
    }),
  ),
});
export const ForecastPage = Type.Object({ items: Type.Array(ForecastAnswer), nextCursor: NextCursor });

export const RuleBody = Type.Object(
  {
    leadDays: Type.Integer({ minimum: 1, maximum: LIMITS.leadDays, description: 'From an order until it is there.' }),
    reviewDays: Type.Integer({
      ...{ minimum: 1, maximum: LIMITS.reviewDays, default: 7 },
      description: 'How often is ordered: what comes has to last that much longer.',
    }),
    serviceLevel: Type.Number({
      ...{ minimum: 0.5, maximum: 0.999, default: 0.95 },
      description: 'How often the stock suffices until the order is there.',
    }),
    packUnits: Type.Integer({ minimum: 1, maximum: LIMITS.packUnits, default: 1, description: 'Units of a pack.' }),
  },
  exact,
);

export const RuleAnswer = Type.Object({
  ...RuleBody.properties,
  from: Type.Union([Type.Literal('article'), Type.Literal('merchant'), Type.Literal('usual')], {
    description: 'Whose rule it is: of the article, of the merchant for everything, or the one that nobody set.',
  }),
});

export const ReorderItem = Type.Object({
  ...{ sku: Type.String(), title: Type.String(), available: Type.Integer() },
  reorderPoint: Type.Integer({ description: 'Once no more than this is free, it is time to order.' }),
  ...{ safetyStock: Type.Integer(), leadTimeDemand: Units, upTo: Type.Integer() },
  isDue: Type.Boolean(),
  quantity: Type.Integer({ description: 'Whole packs; 0 while it is not due.' }),
  lastsDays: Type.Union([Type.Integer(), Type.Null()], { description: 'Null: longer than is looked ahead.' }),
  model: Model,
  rule: RuleAnswer,
  why: Type.String({ description: 'The figures in a sentence.' }),
});
export const ReorderPage = Type.Object({ items: Type.Array(ReorderItem), nextCursor: NextCursor });
