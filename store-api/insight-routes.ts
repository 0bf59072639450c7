/** The routes of what the store finds out by itself and tells others, in one list: one line a capability. */

import { ANALYTICS_ROUTES } from './analytics/routes.ts';
import { reminderRoutes } from './drops/reminder.ts';
import { experimentRoutes } from './experiments/routes.ts';
import { FORECAST_ROUTES } from './forecast/routes.ts';
import { PAYOUT_ROUTES } from './payouts/routes.ts';
import { PRICE_SUGGESTION_ROUTES } from './price-suggestions/routes.ts';
import { PUSH_ROUTES } from './push/routes.ts';
import { recommendationRoutes } from './recommendations/routes.ts';
import { REVIEW_ROUTES } from './reviews/routes.ts';
import { SEGMENT_ROUTES } from './segments/routes.ts';
import type { StoreApp, StoreServices } from './services.ts';
import { unsubscribeRoutes } from './unsubscribe/routes.ts';
import { WEBHOOK_ROUTES } from './webhooks/routes.ts';

type Routes = (app: StoreApp, services: StoreServices) => void;

export const INSIGHT_ROUTES: readonly Routes[] = [
  ...ANALYTICS_ROUTES,
  ...PAYOUT_ROUTES,
  ...SEGMENT_ROUTES,
  ...REVIEW_ROUTES,
  ...WEBHOOK_ROUTES,
  ...PUSH_ROUTES,
  reminderRoutes,
  unsubscribeRoutes,
  recommendationRoutes,
  experimentRoutes,
  ...FORECAST_ROUTES,
  ...PRICE_SUGGESTION_ROUTES,
];
