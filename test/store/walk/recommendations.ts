import type { WalkEntries } from './walk.ts';

export const entries: WalkEntries = {
  'POST /api/v1/recommendations/clicks': 'self',
  'GET /api/v1/admin/experiments': 'staff',
  'POST /api/v1/admin/experiments': 'staff',
  'GET /api/v1/admin/experiments/{name}': 'staff',
  'POST /api/v1/admin/experiments/{name}/start': 'staff',
  'POST /api/v1/admin/experiments/{name}/stop': 'staff',
};
