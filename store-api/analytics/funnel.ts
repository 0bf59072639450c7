import Type from 'typebox';
import { estimate, merged } from '../../commerce/figures/sketch.ts';
import { FUNNEL_STAGES } from '../../contracts/figure-rows.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { findSketches } from '../../db/queries/figures/sketches.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { count, exact, FOR_SELLERS, refusals, ScopeShape, scopeOf, tags } from './forms.ts';

const DAY_PATTERN = '^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$';
const DAY_MS = 24 * 3_600_000;

const Query = Type.Object(
  {
    ...ScopeShape,
    from: Type.Optional(
      Type.String({ pattern: DAY_PATTERN, description: 'The first day, of UTC; as `to` unless said.' }),
    ),
    to: Type.Optional(Type.String({ pattern: DAY_PATTERN, description: 'The last day; today unless it is said.' })),
  },
  exact,
);

const rate = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });
const Answer = Type.Object({
  from: Type.String(),
  to: Type.String(),
  stages: Type.Array(
    Type.Object({
      stage: Type.String({ description: FUNNEL_STAGES.join(', ') }),
      shoppers: count('Different shoppers on all these days; an estimate with a standard error of 1.6 %.'),
      ofFirst: rate('Of those who looked.'),
      ofBefore: rate('Of those at the stage before.'),
    }),
  ),
});

export function funnelRoute(app: StoreApp, { clock, database }: StoreServices): void {
  app.get(
    '/seller/analytics/funnel',
    {
      config: FOR_SELLERS,
      schema: {
        summary: 'How many different shoppers looked, filled a cart, began to buy, ordered and paid',
        description: 'Of the store. Who claims in a drop has not gone these steps; a drop has figures of its own.',
        ...{ tags, querystring: Query, response: { 200: Answer, ...refusals } },
      },
    },
    async (request) => {
      const today = new Date(clock.now()).toISOString().slice(0, 10);
      const { to = today } = request.query;
      const { from = to } = request.query;
      if (!isDay(from) || !isDay(to)) throw new Refusal('INVALID', { detail: 'There is no such day.' });
      const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
      if (!(days >= 1 && days <= LIMITS.funnelDays)) {
        throw new Refusal('INVALID', { detail: `From 1 to ${LIMITS.funnelDays} days, the first one first.` });
      }
      const sketches = await findSketches(database, scopeOf(request, request.query), { fromDay: from, untilDay: to });
      const shoppers = FUNNEL_STAGES.map((stage) =>
        estimate(merged(sketches.filter((one) => one.stage === stage).map(({ sketch }) => sketch))),
      );
      const ratio = (some: number, all: number | undefined) => (all === undefined || all === 0 ? null : some / all);
      return {
        ...{ from, to },
        stages: FUNNEL_STAGES.map((stage, at) => {
          const those = shoppers[at] ?? 0;
          return {
            stage,
            shoppers: those,
            ofFirst: ratio(those, shoppers[0]),
            ofBefore: ratio(those, shoppers[at - 1]),
          };
        }),
      };
    },
  );
}

/** Date.parse takes the 31st of February for the third of March; the database does not. */
function isDay(text: string): boolean {
  return new Date(text).toISOString().startsWith(text);
}
