import Type, { type Static } from 'typebox';
import { callerOf } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import type { Carts } from './carts.ts';
import { FORMS, ownerOf, Params } from './forms.ts';
import { type CartSummary, summaryOf } from './summary.ts';

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const minor = Type.Integer({ minimum: 0, description: 'Minor units of the currency.' });

const Query = Type.Object(
  {
    country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$', description: 'The default address unless given.' })),
    area: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    shipping: Type.Optional(Type.String({ maxLength: 40, description: 'The cheapest unless given.' })),
  },
  { additionalProperties: false },
);

const SummaryView = Type.Object({
  version: Type.Integer(),
  currency: Type.String(),
  goods: Type.Integer({ description: 'What the items cost as they are shown.' }),
  subtotal: Type.Integer({
    description: 'subtotal − discount + tax + shipping = total; without the tax that is inside.',
  }),
  discount: minor,
  tax: minor,
  taxIncluded: Type.Boolean({ description: 'Whether the prices shown have the tax inside.' }),
  shipping: minor,
  total: minor,
  promotions: Type.Array(
    Type.Object({ id: Type.String(), title: Type.String(), discount: minor, freeShipping: Type.Boolean() }),
  ),
  lines: Type.Array(Type.Object({ sku: Type.String(), total: minor, discount: minor })),
  coupons: Type.Array(Type.Object({ code: Type.String(), problem: nullable(Type.String()) })),
  shippingOptions: Type.Array(
    Type.Object({ id: Type.String(), title: Type.String(), cost: minor, days: Type.Array(Type.Integer()) }),
  ),
  shippingOption: nullable(Type.String()),
  destination: nullable(Type.Object({ country: Type.String(), area: Type.Optional(Type.String()) })),
  priceChanges: Type.Array(Type.Object({ sku: Type.String(), from: nullable(minor), to: minor })),
  problems: Type.Array(Type.Object({ sku: Type.String(), problem: Type.String() })),
  payable: Type.Boolean({
    description: 'False until changed prices are accepted and all that is in it can be bought.',
  }),
});

export function summaryRoutes(app: StoreApp, services: StoreServices, carts: Carts): void {
  for (const { at, access } of FORMS) {
    app.get(
      `${at}/summary`,
      {
        config: { access },
        schema: {
          summary: 'What the cart comes to: subtotal, discount, tax, shipping, total',
          params: Params,
          querystring: Query,
          response: { 200: SummaryView, 400: Problem },
        },
      },
      async (request) => {
        const caller = callerOf(request);
        const owner = await ownerOf(request, request.params, services);
        const tier = owner.userId === caller.userId ? caller.tier : undefined;
        return viewOfSummary(await summaryOf(services, carts, owner, { ...request.query, tier }));
      },
    );
  }
}

function viewOfSummary({ view, summary, destination, codes }: CartSummary): Static<typeof SummaryView> {
  const { amounts, evaluated, options, chosen } = summary;
  const bought = view.items.flatMap(({ sku, total }) => (total === null ? [] : [{ sku, total }]));
  const priceChanges = view.items.flatMap(({ sku, priceChange }) =>
    priceChange === null ? [] : [{ sku, ...priceChange }],
  );
  const problems = view.items.flatMap(({ sku, problem, available }) => {
    if (problem !== null) return [{ sku, problem }];
    return available ? [] : [{ sku, problem: 'OUT_OF_STOCK' }];
  });
  return {
    ...{ version: view.version, currency: view.currency, goods: summary.goodsMinor, subtotal: amounts.itemsMinor },
    ...{ discount: amounts.discountMinor, tax: amounts.taxMinor, taxIncluded: summary.tax === 'included' },
    ...{ shipping: amounts.shippingMinor, total: amounts.totalMinor },
    promotions: evaluated.applied.map(({ promotion: { id, title }, discountMinor, freeShipping }) => ({
      ...{ id, title, discount: discountMinor, freeShipping },
    })),
    lines: bought.map((line, at) => ({ ...line, discount: evaluated.linesMinor[at] ?? 0 })),
    coupons: codes.map(({ code, problem }) => ({ code, problem })),
    shippingOptions: options.map(({ option, costMinor }) => ({
      ...{ id: option.id, title: option.title, cost: costMinor, days: [...option.days] },
    })),
    shippingOption: chosen?.option.id ?? null,
    destination: destination ?? null,
    priceChanges,
    problems,
    payable: bought.length > 0 && priceChanges.length === 0 && problems.length === 0 && chosen !== undefined,
  };
}
