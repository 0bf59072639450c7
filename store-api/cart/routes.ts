import type { StoreApp, StoreServices } from '../services.ts';
import { wishlistRoutes } from '../wishlist/wishlist-routes.ts';
import { cartOwnRoutes } from './cart-routes.ts';
import { Carts } from './carts.ts';
import { couponRoutes } from './coupon-routes.ts';
import { itemRoutes } from './item-routes.ts';
import { cartSocket } from './socket.ts';
import { summaryRoutes } from './summary-routes.ts';

export function cartRoutes(app: StoreApp, services: StoreServices): void {
  const carts = new Carts(services);
  services.guests.whenGuestBecame('cart', async ({ userId, guestId }) => {
    await carts.merge({ kind: 'user', userId }, { kind: 'guest', userId: guestId });
  });
  for (const routes of [cartOwnRoutes, itemRoutes, couponRoutes, summaryRoutes, wishlistRoutes, cartSocket])
    routes(app, services, carts);
}
