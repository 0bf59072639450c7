import Type from 'typebox';
import type { StoreApp, StoreServices } from '../services.ts';
import { bucketsOf, count, FOR_SELLERS, refusals, SeriesQuery, scopeOf, tags } from './forms.ts';

const Sums = {
  views: count('Looks at products.'),
  cartAdds: count(),
  checkouts: count(),
  placed: count('Orders of the store that were placed.'),
  orders: count('Orders that were confirmed, of drops too.'),
  cancelled: count(),
  conversion: Type.Union([Type.Number(), Type.Null()], { description: 'Orders for each look; null without a look.' }),
};
const COUNTED = {
  'product.viewed': 'views',
  'cart.added': 'cartAdds',
  'checkout.started': 'checkouts',
  'order.placed': 'placed',
  'order.confirmed': 'orders',
  'order.cancelled': 'cancelled',
} as const;

const Answer = Type.Object({
  step: Type.String(),
  timezone: Type.String(),
  totals: Type.Object(Sums),
  buckets: Type.Array(Type.Object({ at: Type.Integer(), ...Sums })),
});

const nothing = () => ({ views: 0, cartAdds: 0, checkouts: 0, placed: 0, orders: 0, cancelled: 0 });
type Counts = ReturnType<typeof nothing>;

export function conversionRoute(app: StoreApp, { analytics, clock }: StoreServices): void {
  app.get(
    '/seller/analytics/conversion',
    {
      config: FOR_SELLERS,
      schema: {
        summary: 'Looks, carts, checkouts and orders by minute, hour or day, and orders for each look',
        ...{ tags, querystring: SeriesQuery, response: { 200: Answer, ...refusals } },
      },
    },
    async (request) => {
      const { step, timezone } = request.query;
      const edgesMs = bucketsOf(clock, request.query);
      const names = Object.keys(COUNTED);
      const rows = await analytics.series({ merchantId: scopeOf(request, request.query), names, edgesMs });
      const totals = nothing();
      const buckets = edgesMs.slice(0, -1).map((at) => ({ at, counts: nothing() }));
      for (const { bucket, name, events } of rows) {
        if (!isCounted(name)) continue;
        totals[COUNTED[name]] += events;
        const counts = buckets[bucket]?.counts;
        if (counts !== undefined) counts[COUNTED[name]] += events;
      }
      return {
        ...{ step, timezone, totals: withRate(totals) },
        buckets: buckets.map(({ at, counts }) => ({ at, ...withRate(counts) })),
      };
    },
  );
}

function isCounted(name: string): name is keyof typeof COUNTED {
  return Object.hasOwn(COUNTED, name);
}

function withRate(counts: Counts) {
  const { views, orders } = counts;
  return { ...counts, conversion: views === 0 ? null : orders / views };
}
