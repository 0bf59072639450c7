import type { StoreApp, StoreServices } from '../services.ts';
import { codeRoutes } from './code-batches.ts';
import { createPromotionRoute } from './create.ts';
import { readPromotionRoutes } from './read.ts';
import { updatePromotionRoute } from './update.ts';

export function promotionRoutes(app: StoreApp, services: StoreServices): void {
  for (const route of [createPromotionRoute, readPromotionRoutes, updatePromotionRoute, codeRoutes])
    route(app, services);
}
