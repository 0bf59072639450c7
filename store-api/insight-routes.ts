/** The routes of what the store finds out by itself and tells others, in one list: one line a capability. */

import type { StoreApp, StoreServices } from './services.ts';
import { WEBHOOK_ROUTES } from './webhooks/routes.ts';

type Routes = (app: StoreApp, services: StoreServices) => void;

export const INSIGHT_ROUTES: readonly Routes[] = [...WEBHOOK_ROUTES];
