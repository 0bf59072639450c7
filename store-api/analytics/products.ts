import Type from 'typebox';
import { CURRENCY_PATTERN } from '../../contracts/drop.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { TopRow } from '../../db/analytics/store.ts';
import { titlesOfProducts } from '../../db/queries/figures/titles.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { count, exact, FOR_SELLERS, minor, refusals, SpanShape, scopeOf, spanOf, tags } from './forms.ts';

const BY = {
  revenue: { name: 'payment.captured', measure: 'amount' },
  units: { name: 'payment.captured', measure: 'units' },
  refunds: { name: 'refund.done', measure: 'amount' },
  views: { name: 'product.viewed', measure: 'events' },
} as const;

const Query = Type.Object(
  {
    ...SpanShape,
    by: Type.Union([Type.Literal('revenue'), Type.Literal('units'), Type.Literal('refunds'), Type.Literal('views')], {
      default: 'units',
    }),
    currency: Type.Optional(
      Type.String({ pattern: CURRENCY_PATTERN, description: 'Needed to sort by revenue or refunds.' }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: LIMITS.analyticsProducts, default: 10 }),
  },
  exact,
);

const Answer = Type.Object({
  items: Type.Array(
    Type.Object({
      productId: Type.String(),
      title: Type.Union([Type.String(), Type.Null()], { description: 'Null where there is no such product any more.' }),
      views: count(),
      cartAdds: count(),
      units: count('Units that were paid.'),
      money: Type.Array(
        Type.Object({
          currency: Type.String(),
          revenue: minor('What was paid.'),
          refunds: minor('What went back.'),
        }),
      ),
    }),
  ),
});

const NAMES = ['product.viewed', 'cart.added', 'payment.captured', 'refund.done'];

export function topProductsRoute(app: StoreApp, { analytics, clock, database }: StoreServices): void {
  app.get(
    '/seller/analytics/products',
    {
      config: FOR_SELLERS,
      schema: {
        summary: 'The products that lead by revenue, units, refunds or looks',
        description: 'Products are counted by the hour: the span is taken to begin with its hour.',
        ...{ tags, querystring: Query, response: { 200: Answer, ...refusals } },
      },
    },
    async (request) => {
      const { by, currency, limit } = request.query;
      if (BY[by].measure === 'amount' && currency === undefined) {
        throw new Refusal('INVALID', { detail: 'Amounts of several currencies cannot be compared: say which one.' });
      }
      const { fromMs, untilMs } = spanOf(clock, request.query);
      const rows = await analytics.top({
        ...{ merchantId: scopeOf(request, request.query), fromMs: fromMs - (fromMs % 3_600_000), untilMs },
        by: { ...BY[by], ...(BY[by].measure === 'amount' && currency !== undefined ? { currency } : {}) },
        ...{ names: NAMES, limit },
      });
      const productIds = [...new Set(rows.map(({ productId }) => productId))];
      const titles = await titlesOfProducts(database, productIds);
      return {
        items: productIds.map((productId) => ({
          ...{ productId, title: titles.get(productId) ?? null },
          ...sumsOf(rows.filter((row) => row.productId === productId)),
        })),
      };
    },
  );
}

function sumsOf(rows: readonly TopRow[]) {
  const of = (name: string, measure: 'events' | 'units') =>
    rows.filter((row) => row.name === name).reduce((sum, row) => sum + row[measure], 0);
  const currencies = [...new Set(rows.map(({ currency }) => currency))].filter((currency) => currency !== '');
  const amount = (name: string, currency: string) =>
    rows.filter((row) => row.name === name && row.currency === currency).reduce((sum, row) => sum + row.amountMinor, 0);
  return {
    views: of('product.viewed', 'events'),
    cartAdds: of('cart.added', 'events'),
    units: of('payment.captured', 'units'),
    money: currencies.toSorted().map((currency) => ({
      ...{ currency, revenue: amount('payment.captured', currency), refunds: amount('refund.done', currency) },
    })),
  };
}
