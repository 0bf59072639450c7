import Type from 'typebox';
import type { SeriesRow } from '../../db/analytics/store.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { bucketsOf, count, FOR_SELLERS, minor, refusals, SeriesQuery, scopeOf, tags } from './forms.ts';

const Sums = {
  gross: minor('What was paid.'),
  refunds: minor('What went back.'),
  net: minor('Gross less refunds.'),
  orders: count('Orders that were confirmed.'),
  units: count('Units of what was paid.'),
};

const Answer = Type.Object({
  step: Type.String(),
  timezone: Type.String(),
  currencies: Type.Array(
    Type.Object({
      currency: Type.String(),
      totals: Type.Object(Sums),
      buckets: Type.Array(Type.Object({ at: Type.Integer(), ...Sums })),
    }),
    { description: 'Each currency by itself: amounts of two are never added. Empty where nothing was sold.' },
  ),
});

interface Money {
  gross: number;
  refunds: number;
  net: number;
  orders: number;
  units: number;
}

const nothing = (): Money => ({ gross: 0, refunds: 0, net: 0, orders: 0, units: 0 });

export function revenueRoute(app: StoreApp, { analytics, clock }: StoreServices): void {
  app.get(
    '/seller/analytics/revenue',
    {
      config: FOR_SELLERS,
      schema: {
        summary: 'Revenue by minute, hour or day: what was paid, what went back, orders and units',
        description:
          'Of an order of several merchants, to each its part. Buckets in which nothing happened are there too.',
        ...{ tags, querystring: SeriesQuery, response: { 200: Answer, ...refusals } },
      },
    },
    async (request) => {
      const { step, timezone } = request.query;
      const edgesMs = bucketsOf(clock, request.query);
      const names = ['payment.captured', 'refund.done', 'order.confirmed'];
      const rows = await analytics.series({ merchantId: scopeOf(request, request.query), names, edgesMs });
      const currencies = [...new Set(rows.map(({ currency }) => currency))].toSorted();
      return {
        ...{ step, timezone },
        currencies: currencies.map((currency) => ofCurrency(currency, rows, edgesMs.slice(0, -1))),
      };
    },
  );
}

function ofCurrency(currency: string, rows: readonly SeriesRow[], starts: readonly number[]) {
  const totals = nothing();
  const buckets = starts.map((at) => ({ at, ...nothing() }));
  for (const row of rows) {
    const bucket = buckets[row.bucket];
    if (row.currency !== currency || bucket === undefined) continue;
    add(totals, row);
    add(bucket, row);
  }
  return { currency, totals, buckets };
}

function add(sums: Money, { name, events, units, amountMinor }: SeriesRow): void {
  if (name === 'order.confirmed') {
    sums.orders += events;
    return;
  }
  const isRefund = name === 'refund.done';
  if (isRefund) sums.refunds += amountMinor;
  else sums.gross += amountMinor;
  sums.units += isRefund ? 0 : units;
  sums.net = sums.gross - sums.refunds;
}
