import type { TablesData } from './kinds.ts';

/** What a shopper was shown by an experiment is in Redis too, for a day (contracts/recommendations-serving.ts). */
export const EXPERIMENTS: TablesData = {
  recommendation_experiments: {
    none: 'name state arms note created_at started_at stopped_at',
    person: 'created_by',
    notExported: 'An experiment of the shop. The audit log says the same of who made it.',
    notErased: 'An id that leads to nobody, of who worked here.',
  },
  recommendation_outcomes: { none: 'experiment arm day shown clicked ordered' },
  recommendation_revenue: { none: 'experiment arm day currency revenue_minor' },
  recommendation_exposures: {
    none: 'experiment',
    person: 'shopper_id',
    personal: 'arm shown clicked ordered',
    exported: 'experiments',
    erased: 'experiments',
  },
  recommendation_clicks: {
    none: 'experiment arm',
    person: 'shopper_id',
    personal: 'product_id clicked_at',
    exported: 'recommendationClicks',
    erased: 'experiments',
  },
  recommendation_events: { none: 'event_id' },
  recommendation_orders: { none: 'order_id due_at done_at' },
};
