import Type from 'typebox';
import { CURRENCY_PATTERN } from '../../contracts/drop.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { answerChange } from './answer-change.ts';
import { acceptingPrices, clearing, inCurrency } from './cart-changes.ts';
import { CartView } from './cart-view.ts';
import type { Carts } from './carts.ts';
import { ByQuery, ByShape, byOf, FORMS, ownerOf, Params, Sku } from './forms.ts';

const exact = { additionalProperties: false } as const;
const response = { 200: CartView, 400: Problem, 409: Problem };
const Seen = Type.Object(
  { sku: Sku, unitPrice: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) },
  exact,
);

export function cartOwnRoutes(app: StoreApp, services: StoreServices, carts: Carts): void {
  for (const { at, access } of FORMS) {
    const config = { access };
    const once = { access, idempotency: 'own' } as const;
    app.get(
      at,
      { config, schema: { summary: 'The cart, with the prices of now', params: Params, response: { 200: CartView } } },
      async (request) => await carts.view(await ownerOf(request, request.params, services)),
    );
    app.delete(
      at,
      { config: once, schema: { summary: 'Empty the cart', params: Params, querystring: ByQuery, response } },
      async (request, reply) => {
        const { params, query } = request;
        const change = () => clearing(byOf(query), services.clock.now());
        await answerChange(services, carts, { request, reply, params, change });
      },
    );
    app.put(
      `${at}/currency`,
      {
        config: once,
        schema: {
          summary: 'What the cart is shown and summed up in',
          params: Params,
          body: Type.Object({ currency: Type.String({ pattern: CURRENCY_PATTERN }), ...ByShape }, exact),
          response,
        },
      },
      async (request, reply) => {
        const { params } = request;
        const { currency, ...by } = request.body;
        const change = () => inCurrency(currency, byOf(by));
        await answerChange(services, carts, { request, reply, params, change });
      },
    );
    app.post(
      `${at}/prices/accept`,
      {
        config: once,
        schema: {
          summary: 'Agree to prices that have changed, as they were seen',
          params: Params,
          body: Type.Object(
            { items: Type.Array(Seen, { minItems: 1, maxItems: LIMITS.cartLines }), ...ByShape },
            exact,
          ),
          response,
        },
      },
      async (request, reply) => {
        const { params } = request;
        const { items, ...by } = request.body;
        const change = () => acceptingPrices(items, byOf(by));
        await answerChange(services, carts, { request, reply, params, change });
      },
    );
  }
  mergeRoute(app, services, carts);
}

function mergeRoute(app: StoreApp, services: StoreServices, carts: Carts): void {
  app.post(
    '/cart/merge',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'Take over what one had as a guest: of each item the larger quantity',
        body: Type.Object({ guestToken: Type.String({ minLength: 1, maxLength: LIMITS.accessTokenChars }) }, exact),
        response: {
          200: Type.Object({ cart: CartView, dropped: Type.Array(Type.String({ description: 'Found no room.' })) }),
          400: Problem,
        },
      },
    },
    async (request) => {
      const guest = await services.accessTokens.verify(request.body.guestToken);
      if (guest?.kind !== 'guest') throw new Refusal('INVALID', { detail: 'Not the token of a guest.' });
      const { userId } = callerOf(request);
      const { view, dropped } = await carts.merge({ kind: 'user', userId }, { kind: 'guest', userId: guest.userId });
      return { cart: view, dropped: [...dropped] };
    },
  );
}
