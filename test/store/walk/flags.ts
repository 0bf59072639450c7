import type { WalkEntries } from './walk.ts';

export const entries: WalkEntries = {
  'GET /api/v1/admin/flags': 'staff',
  'PUT /api/v1/admin/flags/{name}': 'staff',
};
