import type { WalkEntries } from './walk.ts';

export const entries: WalkEntries = {
  'POST /api/v1/seller/application': 'self',
  'GET /api/v1/seller/profile': 'self',
  'PATCH /api/v1/seller/profile': 'self',
  'GET /api/v1/admin/merchants': 'staff',
  'GET /api/v1/admin/merchants/{id}': 'staff',
  'POST /api/v1/admin/merchants/{id}/approve': 'staff',
  'POST /api/v1/admin/merchants/{id}/decline': 'staff',
  'POST /api/v1/admin/merchants/{id}/suspend': 'staff',
  'POST /api/v1/admin/merchants/{id}/reinstate': 'staff',
};
