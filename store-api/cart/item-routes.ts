import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { CartView } from './cart-view.ts';
import type { Carts } from './carts.ts';
import { ByQuery, ByShape, byOf, FORMS, ownerToChange, Params, Quantity, Sku, SkuParams } from './forms.ts';

const exact = { additionalProperties: false } as const;
const response = { 200: CartView, 400: Problem, 404: Problem, 409: Problem };
const Key = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ pattern: '^[A-Za-z0-9._:-]+$', maxLength: LIMITS.idempotencyKeyChars }),
  ),
});

export function itemRoutes(app: StoreApp, services: StoreServices, carts: Carts): void {
  for (const { at, access } of FORMS) {
    const config = { access };
    app.post(
      `${at}/items`,
      {
        config,
        schema: {
          summary: 'Add units of an item; the same Idempotency-Key adds once',
          params: Params,
          headers: Key,
          body: Type.Object({ sku: Sku, quantity: Quantity, ...ByShape }, exact),
          response: { ...response, 422: Problem },
        },
      },
      async (request) => {
        const { sku, quantity, ...by } = request.body;
        const owner = await ownerToChange(request, request.params, services);
        const key = request.headers['idempotency-key'];
        const cart = await carts.changeItem(owner, { kind: 'add', sku, quantity, key }, byOf(by));
        const productId = cart.items.find((item) => item.sku === sku)?.productId;
        if (productId) services.figures.note('cart.added', { productId, sku, quantity }, { subjectId: owner.userId });
        return cart;
      },
    );
    app.put(
      `${at}/items/:sku`,
      {
        config,
        schema: {
          summary: 'So many units of an item',
          params: SkuParams,
          body: Type.Object({ quantity: Quantity, ...ByShape }, exact),
          response,
        },
      },
      async (request) => {
        const { quantity, ...by } = request.body;
        const owner = await ownerToChange(request, request.params, services);
        return await carts.changeItem(owner, { kind: 'set', sku: request.params.sku, quantity }, byOf(by));
      },
    );
    app.delete(
      `${at}/items/:sku`,
      { config, schema: { summary: 'Take an item out', params: SkuParams, querystring: ByQuery, response } },
      async (request) => {
        const owner = await ownerToChange(request, request.params, services);
        return await carts.changeItem(owner, { kind: 'remove', sku: request.params.sku }, byOf(request.query));
      },
    );
    for (const [word, saved] of [
      ['save-for-later', true],
      ['move-to-cart', false],
    ] as const) {
      app.post(
        `${at}/items/:sku/${word}`,
        {
          config,
          schema: {
            summary: saved ? 'Put an item aside for later' : 'Put an item back that was put aside',
            params: SkuParams,
            querystring: ByQuery,
            response,
          },
        },
        async (request) => {
          const owner = await ownerToChange(request, request.params, services);
          return await carts.changeItem(owner, { kind: 'save', sku: request.params.sku, saved }, byOf(request.query));
        },
      );
    }
  }
}
