import { listForecastsRoute } from './forecasts.ts';
import { listReorderRoute } from './reorder.ts';
import { reorderRuleRoutes } from './rules.ts';

export const FORECAST_ROUTES = [listForecastsRoute, listReorderRoute, reorderRuleRoutes] as const;
