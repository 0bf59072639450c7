import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { answerChange } from './answer-change.ts';
import { type ItemChange, itemChange } from './cart-changes.ts';
import { CartView } from './cart-view.ts';
import type { Carts } from './carts.ts';
import { ByQuery, ByShape, byOf, FORMS, Params, Quantity, Sku, SkuParams } from './forms.ts';

const exact = { additionalProperties: false } as const;
const response = { 200: CartView, 400: Problem, 404: Problem, 409: Problem };
const Key = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ pattern: '^[A-Za-z0-9._:-]+$', maxLength: LIMITS.idempotencyKeyChars }),
  ),
});

export function itemRoutes(app: StoreApp, services: StoreServices, carts: Carts): void {
  async function answerItem(
    request: FastifyRequest<{ Params: { userId?: string } }>,
    reply: FastifyReply,
    change: ItemChange,
    by: Parameters<typeof byOf>[0],
  ): Promise<void> {
    const { params } = request;
    const made = () => itemChange(change, byOf(by), services.clock.now());
    await answerChange(services, carts, { request, reply, params, change: made });
  }

  for (const { at, access } of FORMS) {
    const config = { access, idempotency: 'own' } as const;
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
      async (request, reply) => {
        const { sku, quantity, ...by } = request.body;
        const told = request.headers['idempotency-key'];
        await answerChange(services, carts, {
          ...{ request, reply, params: request.params },
          change(owner) {
            // Of a guest the key is in the cart too: around the call it is not kept together with the change.
            const key = owner.kind === 'guest' ? told : undefined;
            return itemChange({ kind: 'add', sku, quantity, key }, byOf(by), services.clock.now());
          },
          done({ items }, owner) {
            const productId = items.find((item) => item.sku === sku)?.productId;
            const values = { productId: productId ?? '', sku, quantity };
            if (productId) services.figures.note('cart.added', values, { subjectId: owner.userId });
          },
        });
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
      async (request, reply) => {
        const { quantity, ...by } = request.body;
        const change: ItemChange = { kind: 'set', sku: request.params.sku, quantity };
        await answerItem(request, reply, change, by);
      },
    );
    app.delete(
      `${at}/items/:sku`,
      { config, schema: { summary: 'Take an item out', params: SkuParams, querystring: ByQuery, response } },
      async (request, reply) => {
        await answerItem(request, reply, { kind: 'remove', sku: request.params.sku }, request.query);
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
        async (request, reply) => {
          await answerItem(request, reply, { kind: 'save', sku: request.params.sku, saved }, request.query);
        },
      );
    }
  }
}
