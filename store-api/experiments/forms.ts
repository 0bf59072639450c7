import Type from 'typebox';
import type { Arm } from '../../commerce/experiments/arms.ts';
import type { ExperimentReport } from '../../commerce/experiments/report.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { ExperimentState } from '../../db/queries/experiments/experiments.ts';

const exact = { additionalProperties: false } as const;
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const MOST_WEIGHT = 999;

export const Name = () => Type.String({ pattern: '^[a-z][a-z0-9-]{0,30}$' });
const Weight = () => Type.Number({ minimum: 0, maximum: MOST_WEIGHT });

const Weights = Type.Object(
  { collaborative: Weight(), content: Weight(), trending: Weight(), session: Weight() },
  { ...exact, description: 'Only how they compare matters.' },
);
const ArmBody = Type.Object(
  {
    name: Name(),
    share: Type.Integer({ minimum: 1, maximum: 100, description: 'Percent of all shoppers.' }),
    weights: Type.Union([Weights, Type.Null()], { default: null, description: 'null: as the store has them.' }),
  },
  exact,
);
export const ExperimentBody = Type.Object(
  {
    name: Name(),
    arms: Type.Array(ArmBody, {
      minItems: 2,
      maxItems: LIMITS.armsPerExperiment,
      description: 'The first is the control, which the others are compared with.',
    }),
    note: Type.String({ maxLength: 500, default: '', description: 'What is to be found out.' }),
  },
  exact,
);

const STATES: readonly ExperimentState[] = ['draft', 'running', 'stopped'];
const ArmShown = Type.Object({ name: Type.String(), share: Type.Integer(), weights: nullable(Weights) });
export const ExperimentShown = Type.Object({
  name: Type.String(),
  state: Type.Unsafe<ExperimentState>(Type.Union(STATES.map((state) => Type.Literal(state)))),
  arms: Type.Array(ArmShown),
  note: Type.String(),
  createdAt: Type.Integer(),
  startedAt: nullable(Type.Integer()),
  stoppedAt: nullable(Type.Integer()),
});

const Interval = Type.Object({ low: Type.Number(), high: Type.Number() });
const Compared = Type.Object({
  rate: Type.Number(),
  interval: Interval,
  difference: Type.Union([Interval, Type.Null()], { description: 'From the control.' }),
  lift: Type.Union([Type.Number(), Type.Null()], { description: 'Against the control: 0.1 is a tenth more.' }),
  liftInterval: nullable(Interval),
  isSignificant: Type.Boolean(),
});
const Report = Type.Object({
  level: Type.Number(),
  sampleNeeded: Type.Integer({ description: 'Shoppers that each arm needs.' }),
  isEnough: Type.Boolean({ description: 'Whether each arm has them. Before that nothing is called significant.' }),
  arms: Type.Array(
    Type.Object({
      arm: Type.String(),
      isControl: Type.Boolean(),
      shoppers: Type.Integer(),
      shown: Type.Integer(),
      clicked: Type.Integer(),
      clicksPerList: Compared,
      clickers: Compared,
      buyers: Compared,
    }),
  ),
});
export const ReportAnswer = Type.Object({
  ...ExperimentShown.properties,
  report: Type.Unsafe<ExperimentReport>(Report),
  revenue: Type.Array(Type.Object({ arm: Type.String(), currency: Type.String(), revenueMinor: Type.Integer() })),
  days: Type.Array(
    Type.Object({
      ...{ arm: Type.String(), day: Type.String() },
      ...{ shown: Type.Integer(), clicked: Type.Integer(), ordered: Type.Integer() },
    }),
  ),
});

/** What a schema cannot say; undefined where nothing is wrong. */
export function problemOf(arms: readonly Arm[]): string | undefined {
  if (new Set(arms.map(({ name }) => name)).size !== arms.length) return 'Two arms have the same name.';
  if (arms.reduce((sum, { share }) => sum + share, 0) > WHOLE) return 'The arms share more than all shoppers.';
  const isNothing = ({ weights }: Arm): boolean =>
    weights !== null && Object.values(weights).every((weight) => weight === 0);
  return arms.some(isNothing) ? 'An arm in which everything weighs nothing recommends nothing.' : undefined;
}
const WHOLE = 100;
