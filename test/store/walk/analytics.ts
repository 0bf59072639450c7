import type { WalkEntries } from './walk.ts';

export const entries: WalkEntries = {
  // A merchant sees their own; an admin may name one.
  'GET /api/v1/seller/analytics/revenue': 'self',
  'GET /api/v1/seller/analytics/conversion': 'self',
  'GET /api/v1/seller/analytics/products': 'self',
  'GET /api/v1/seller/analytics/funnel': 'self',
};
