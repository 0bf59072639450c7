import type { WalkEntries } from './walk.ts';

export const entries: WalkEntries = {
  'POST /api/v1/search/views': 'self',
  'GET /api/v1/search/synonyms': 'staff',
  'POST /api/v1/search/synonyms': 'staff',
  'PUT /api/v1/search/synonyms/{id}': 'staff',
  'DELETE /api/v1/search/synonyms/{id}': 'staff',
};
