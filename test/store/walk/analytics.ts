import type { WalkEntries } from './walk.ts';

export const entries: WalkEntries = {
  // A merchant sees their own; an admin may name one.
  'GET /api/v1/seller/analytics/revenue': 'self',
  'GET /api/v1/seller/analytics/conversion': 'self',
  'GET /api/v1/seller/analytics/products': 'self',
  'GET /api/v1/seller/analytics/funnel': 'self',
  'GET /api/v1/seller/payouts': 'self',
  'GET /api/v1/seller/payouts/file': 'self',
  'GET /api/v1/admin/payouts': 'staff',
  'POST /api/v1/admin/payouts': 'staff',
  'GET /api/v1/admin/commissions': 'staff',
  'POST /api/v1/admin/commissions': 'staff',
  'GET /api/v1/seller/analytics/cohorts': 'self',
  'GET /api/v1/seller/segments': 'self',
  'GET /api/v1/admin/segments': 'staff',
  'PUT /api/v1/admin/segments/rules': 'staff',
};
