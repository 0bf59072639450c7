import { cancelOrderRoute } from './cancel-routes.ts';
import { listOrdersRoutes } from './list-routes.ts';
import { placeOrderRoute } from './place-routes.ts';

/** `GET /orders/{id}` is in the list of app.ts. */
export const ORDER_ROUTES = [placeOrderRoute, listOrdersRoutes, cancelOrderRoute] as const;
