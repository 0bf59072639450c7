import type { EraseStep } from './parts.ts';

export const SHOPPING_STEPS: readonly EraseStep[] = [
  { name: 'cart', statements: ['delete from carts where user_id = $1'] },
  { name: 'wishlist', statements: ['delete from wishlist_items where user_id = $1'] },
  { name: 'views', statements: ['delete from product_views where user_id = $1'] },
  { name: 'checkouts', statements: ['delete from checkouts where shopper_id = $1'] },
  { name: 'reminders', statements: ['delete from drop_reminders where user_id = $1'] },
  { name: 'notices', statements: ['delete from notices where user_id = $1'] },
  { name: 'promotionUses', statements: ['delete from promotion_uses where user_id = $1'] },
];
