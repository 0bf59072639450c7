import type { TablesData } from './kinds.ts';

/** Units by day, region and article: of so many people at once that they say nothing of one. */
export const FORECAST: TablesData = {
  demand_days: { none: 'sku region day units drop_units unmet_units' },
  drop_refusals: { none: 'drop_id region sku units updated_at' },
  demand_sums: { none: 'category_id region units drop_units unmet_units' },
  demand_progress: { none: 'id counted_until forecast_on suggested_on' },
  forecasts: {
    none: 'sku region model parameters from_day mean low high deviation coverage days_seen units_seen made_at',
  },
  reorder_settings: {
    none: 'sku lead_days review_days service_level pack_units updated_at',
    person: 'merchant_id',
    notExported: 'How a shop orders its goods: a trader, not a person.',
    notErased: 'How a shop orders its goods: a trader, not a person.',
  },
  price_bounds: { none: 'sku floor_minor ceiling_minor cost_minor currency updated_at' },
  price_suggestions: {
    none: 'id sku state price_minor suggested_minor floor_minor ceiling_minor currency why made_at expires_at decided_at',
  },
};
