import { conversionRoute } from './conversion.ts';
import { funnelRoute } from './funnel.ts';
import { topProductsRoute } from './products.ts';
import { revenueRoute } from './revenue.ts';

export const ANALYTICS_ROUTES = [revenueRoute, conversionRoute, topProductsRoute, funnelRoute] as const;
