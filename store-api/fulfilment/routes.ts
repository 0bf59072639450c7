import { orderAddressRoute } from './address.ts';
import { carrierEventsRoute } from './carrier-events.ts';
import { deliverRoute } from './deliver.ts';
import { processOrderRoute } from './process.ts';
import { getSellerOrderRoute, listSellerOrdersRoute } from './seller-orders.ts';
import { shipRoute } from './ship.ts';
import { trackingRoute } from './tracking.ts';

export const FULFILMENT_ROUTES = [
  ...[listSellerOrdersRoute, getSellerOrderRoute, processOrderRoute, shipRoute, deliverRoute],
  ...[orderAddressRoute, trackingRoute, carrierEventsRoute],
] as const;
