/** The routes of the trade, in one list. */

import { CHECKOUT_ROUTES } from './checkout/routes.ts';
import { FULFILMENT_ROUTES } from './fulfilment/routes.ts';
import { INVENTORY_ROUTES } from './inventory/routes.ts';
import { invoiceRoute } from './invoices/get.ts';
import { MERCHANT_ROUTES } from './merchants/routes.ts';
import { decideReviewRoute, getReviewRoute, listReviewsRoute } from './order-reviews/routes.ts';
import { ORDER_ROUTES } from './orders/routes.ts';
import { PAYMENT_ROUTES } from './payments/routes.ts';
import { RETURN_ROUTES } from './returns/routes.ts';
import type { StoreApp, StoreServices } from './services.ts';

type Routes = (app: StoreApp, services: StoreServices) => void;

export const TRADE_ROUTES: readonly Routes[] = [
  ...PAYMENT_ROUTES,
  ...CHECKOUT_ROUTES,
  ...ORDER_ROUTES,
  listReviewsRoute,
  getReviewRoute,
  decideReviewRoute,
  ...MERCHANT_ROUTES,
  ...INVENTORY_ROUTES,
  ...FULFILMENT_ROUTES,
  ...RETURN_ROUTES,
  invoiceRoute,
];
