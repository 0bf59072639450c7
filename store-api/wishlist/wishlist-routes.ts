import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { findCartItems } from '../../db/queries/find-cart-items.ts';
import { addToWishlist, listWishlist, removeFromWishlist } from '../../db/queries/wishlist.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { itemChange } from '../cart/cart-changes.ts';
import { CartView } from '../cart/cart-view.ts';
import type { Carts } from '../cart/carts.ts';
import { Sku } from '../cart/forms.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';

const config = { access: SIGNED_IN };
const params = Type.Object({ sku: Sku });
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const Wish = Type.Object({
  sku: Type.String(),
  productId: nullable(Type.String()),
  title: Type.String(),
  variantTitle: Type.String(),
  price: nullable(Type.Integer()),
  currency: nullable(Type.String()),
  available: Type.Boolean(),
  addedAt: Type.Integer(),
});

export function wishlistRoutes(app: StoreApp, { database, clock }: StoreServices, carts: Carts): void {
  app.get(
    '/wishlist',
    {
      config,
      schema: {
        summary: 'What one wishes for, the newest first',
        response: { 200: Type.Object({ items: Type.Array(Wish), nextCursor: Type.Null() }) },
      },
    },
    async (request) => {
      const wishes = await listWishlist(database, callerOf(request).userId);
      const items = await findCartItems(
        database,
        wishes.map(({ sku }) => sku),
      );
      return {
        items: wishes.map(({ sku, addedAtMs }) => {
          const item = items.get(sku);
          const isSold = item?.isSold === true;
          return {
            ...{ sku, addedAt: addedAtMs, productId: item?.productId ?? null, title: item?.title ?? '' },
            ...{ variantTitle: item?.variantTitle ?? '', currency: item?.currency ?? null },
            ...{ price: isSold ? item.priceMinor : null, available: isSold && item.inStock },
          };
        }),
        nextCursor: null,
      };
    },
  );
  app.put(
    '/wishlist/:sku',
    {
      config,
      schema: { summary: 'Wish for an item', params, response: { 204: Type.Null(), 404: Problem, 409: Problem } },
    },
    async (request, reply) => {
      const { sku } = request.params;
      const item = (await findCartItems(database, [sku])).get(sku);
      if (item === undefined || !item.isSold) throw new Refusal('ITEM_NOT_FOUND');
      const { userId } = callerOf(request);
      const fits = await withTransaction(database, (client) =>
        addToWishlist(client, userId, sku, LIMITS.wishlistItems),
      );
      if (!fits) throw new Refusal('CART_FULL', { detail: `A wishlist holds ${LIMITS.wishlistItems} items.` });
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/wishlist/:sku',
    { config, schema: { summary: 'Wish for it no longer', params, response: { 204: Type.Null(), 404: Problem } } },
    async (request, reply) => {
      const isGone = await removeFromWishlist(database, callerOf(request).userId, request.params.sku);
      if (!isGone) throw new Refusal('NOT_FOUND');
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/wishlist/:sku/move-to-cart',
    {
      config,
      schema: { summary: 'Put a wish into the cart', params, response: { 200: CartView, 404: Problem, 409: Problem } },
    },
    async (request) => {
      const { userId } = callerOf(request);
      const { sku } = request.params;
      // In the cart first: should the second step fail, it is in both, which nobody misses anything by.
      const wished = (await listWishlist(database, userId)).some((wish) => wish.sku === sku);
      if (!wished) throw new Refusal('NOT_FOUND');
      const add = itemChange({ kind: 'add', sku, quantity: 1 }, {}, clock.now());
      const view = await carts.change({ kind: 'user', userId }, add);
      await removeFromWishlist(database, userId, sku);
      return view;
    },
  );
}
