import { create, type OwnThing, type Stage, type WalkEntries } from './walk.ts';

const tenPercent = { title: 'Ten percent', benefit: { kind: 'percentage', ppm: 100_000 }, codeKind: 'single' };
const own: OwnThing = {
  make: async (stage: Stage) => ({ id: await create(stage, 'POST', '/api/v1/promotions', tenPercent) }),
  role: 'merchant',
};

export const entries: WalkEntries = {
  'GET /api/v1/promotions': 'self',
  'POST /api/v1/promotions': 'self',
  'GET /api/v1/promotions/{id}': own,
  'PATCH /api/v1/promotions/{id}': { ...own, body: { title: 'Less', version: 1 } },
  'DELETE /api/v1/promotions/{id}': own,
  'GET /api/v1/promotions/{id}/codes': own,
  'POST /api/v1/promotions/{id}/codes': { ...own, body: { count: 2 } },
};
