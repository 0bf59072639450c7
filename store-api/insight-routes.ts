/** The routes of what the store finds out by itself and tells others, in one list: one line a capability. */

import { ANALYTICS_ROUTES } from './analytics/routes.ts';
import { experimentRoutes } from './experiments/routes.ts';
import { recommendationRoutes } from './recommendations/routes.ts';
import { REVIEW_ROUTES } from './reviews/routes.ts';
import type { StoreApp, StoreServices } from './services.ts';
import { WEBHOOK_ROUTES } from './webhooks/routes.ts';

type Routes = (app: StoreApp, services: StoreServices) => void;

export const INSIGHT_ROUTES: readonly Routes[] = [
  ...ANALYTICS_ROUTES,
  ...REVIEW_ROUTES,
  ...WEBHOOK_ROUTES,
  recommendationRoutes,
  experimentRoutes,
];
