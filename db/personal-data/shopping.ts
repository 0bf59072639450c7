import { BOOKKEEPING, type TablesData } from './kinds.ts';

/** What somebody looks at, wants, and is told. */
export const SHOPPING: TablesData = {
  carts: {
    none: 'version updated_at reminded_at',
    person: 'user_id',
    personal: 'body line_count first_sku',
    ...{ exported: 'cart', erased: 'cart' },
  },
  wishlist_items: {
    none: 'added_at',
    person: 'user_id',
    personal: 'sku',
    ...{ exported: 'wishlist', erased: 'wishlist' },
  },
  product_views: {
    none: 'viewed_at',
    person: 'user_id',
    personal: 'product_id',
    ...{ exported: 'views', erased: 'views' },
  },
  checkouts: {
    none: 'id is_guest status expires_at created_at updated_at',
    person: 'shopper_id',
    personal: 'tier currency body',
    ...{ exported: 'checkouts', erased: 'checkouts' },
  },
  drop_reminders: {
    none: 'created_at told_at',
    person: 'user_id',
    personal: 'drop_id',
    ...{ exported: 'reminders', erased: 'reminders' },
  },
  notices: {
    none: 'event_id sent_at',
    person: 'user_id',
    personal: 'template',
    ...{ exported: 'notices', erased: 'notices' },
  },
  promotion_redemptions: {
    none: 'reference promotion_id code_hash state counted_total counted_user at until',
    person: 'user_id',
    kept: 'discount_minor currency',
    because: BOOKKEEPING,
    ...{ exported: 'promotions', notErased: 'Only ids and amounts, which the books need.' },
  },
  promotion_uses: {
    none: 'promotion_id',
    person: 'user_id',
    personal: 'uses',
    ...{ exported: 'promotionUses', erased: 'promotionUses' },
  },
  idempotency_keys: {
    none: 'key fingerprint created_at expires_at',
    person: 'scope',
    personal: 'response',
    ...{ notExported: 'For a day, copies of answers that were given already.', erased: 'answers' },
  },
};
