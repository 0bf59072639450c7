import type { TablesData } from './kinds.ts';

/** The lists themselves are in Redis (contracts/recommendations.ts): the trainer removes them within seconds. */
export const RECOMMENDATIONS: TablesData = {
  recommendation_models: {
    none: `version state started_at ended_at users products interactions left_out iteration iterations loss lists
      peak_bytes settings failure`,
  },
  recommendation_forgotten: {
    none: 'forgotten_at lists_removed_at',
    person: 'user_id',
    notExported: 'Written when a person is erased: before that it has nothing of them.',
    notErased: 'It keeps who is gone out of all later models, by an id that leads to nobody.',
  },
};
