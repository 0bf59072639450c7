import type { StoreApp, StoreServices } from '../services.ts';
import { clickRoute } from './clicks.ts';
import { createParts } from './parts.ts';
import { personalRoute } from './personal.ts';
import { productListRoutes } from './product-lists.ts';
import { takeSessionAlong } from './session.ts';

export function recommendationRoutes(app: StoreApp, services: StoreServices): void {
  const parts = createParts(services);
  services.guests.whenGuestBecame('what they looked at', (change) => takeSessionAlong(services, change));
  personalRoute(app, services, parts);
  productListRoutes(app, services, parts);
  clickRoute(app, services, parts);
}
