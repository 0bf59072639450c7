import { checkoutRoutes } from './checkout-routes.ts';
import { createCheckoutRoutes } from './create-routes.ts';

export const CHECKOUT_ROUTES = [createCheckoutRoutes, checkoutRoutes] as const;
