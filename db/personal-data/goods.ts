import type { TablesData } from './kinds.ts';

/** Who sells is a trader: an id here leads to the profile of a shop, which is public. */
const traders = { notExported: 'Goods, not people.', notErased: 'Goods, not people.' } as const;

/** Goods, stock, drops, and how the store runs. */
export const GOODS: TablesData = {
  brands: { none: 'id slug name' },
  categories: { none: 'id parent_id slug name position' },
  products: {
    none: `id category_id brand_id slug title description specifications tags images status created_at updated_at version
      language published_at lowest_price_minor lowest_price_currency is_withheld`,
    person: 'merchant_id',
    ...traders,
  },
  product_translations: { none: 'product_id language title description' },
  product_signals: { none: 'product_id rating_hundredths reviews sold promoted_until' },
  variants: {
    none: 'id product_id sku title attributes price_minor currency position created_at updated_at archived_at low_stock_at',
  },
  price_history: { none: 'position variant_id price_minor currency at' },
  exchange_rates: { none: 'currency valid_from per_reference set_at', person: 'set_by', ...traders },
  search_changes: { none: 'id product_id' },
  search_products: {
    none: `product_id tier quality in_stock price_minor currency rating_hundredths reviews sold promoted_until created_at
      category_id brand_id attributes document`,
  },
  fraud_models: { none: 'version trained_at is_active model report' },
  search_synonyms: { none: 'id terms created_at updated_at' },
  search_tiers: { none: 'tier from_quality' },
  search_totals: { none: 'id products facets counted_at' },
  search_words: { none: 'word lexeme products' },
  warehouses: {
    none: 'id code name country latitude longitude created_at is_active',
    person: 'merchant_id',
    ...traders,
  },
  inventory: { none: 'sku warehouse_id on_hand reserved updated_at' },
  inventory_movements: {
    none: 'id sku warehouse_id kind quantity reason transfer_id order_id drop_id at',
    person: 'actor_id',
    ...traders,
  },
  stock_alerts: { none: 'id sku kind available opened_at told_at closed_at' },
  promotions: {
    none: `id title benefit conditions stacking priority code_kind code starts_at ends_at total_limit per_user_limit used
      state version created_at updated_at`,
    person: 'merchant_id created_by',
    ...traders,
  },
  promotion_codes: { none: 'hash promotion_id batch_id ending made_at' },
  drops: {
    none: `id revision title currency mode state lobby_opens_at starts_at ends_at per_shopper_limit hold_seconds pass_seconds
      admissions_per_second max_active_passes lanes challenge draw_commit created_at updated_at published_revision settled_at
      waiting_regions trouble sold_out_at`,
    person: 'merchant_id',
    ...traders,
  },
  drop_skus: { none: 'drop_id sku title price_minor position' },
  drop_allocations: { none: 'drop_id sku region units' },
  drop_stock: { none: 'drop_id sku warehouse_id units shipped returned packed' },
  draw_seeds: { none: 'drop_id seed commit iterations created_at' },
  draws: {
    none: 'drop_id commit algorithm iterations entrants root told_at seed entrant_roots place_roots places_root drawn_at',
  },
  // Entrants are names made of signed tickets: only who holds the ticket finds themselves in the list.
  draw_chunks: { none: 'drop_id chunk first_entrant data' },
  feature_flags: { none: 'name state updated_at', person: 'updated_by', ...traders },
  outbox: {
    none: 'position topic at',
    person: 'key payload',
    ...{ notExported: 'Events on their way, with ids.', notErased: 'They leave within moments.' },
  },
  replayed_letters: { none: 'topic partition letter_offset replayed_at' },
  schema_migrations: { none: 'version name checksum applied_at' },
};
