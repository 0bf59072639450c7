import type { ExportPart } from './parts.ts';

export const SHOPPING_PARTS: readonly ExportPart[] = [
  {
    name: 'cart',
    text: `
      select body::json as cart, line_count as "lines", first_sku as "firstSku", updated_at as "updatedAt",
        reminded_at as "remindedAt"
      from carts where user_id = $1`,
  },
  {
    name: 'wishlist',
    text: `
      select w.sku, p.title, w.added_at as "addedAt"
      from wishlist_items w join variants v using (sku) join products p on p.id = v.product_id
      where w.user_id = $1 order by w.added_at`,
  },
  {
    name: 'views',
    text: `
      select w.product_id as "productId", p.title, w.viewed_at as "viewedAt"
      from product_views w join products p on p.id = w.product_id where w.user_id = $1 order by w.viewed_at`,
  },
  {
    name: 'checkouts',
    text: `
      select id, status, tier, currency, body #- '{payment,token}' as checkout, expires_at as "expiresAt",
        created_at as "createdAt", updated_at as "updatedAt"
      from checkouts where shopper_id = $1 order by id`,
  },
  {
    name: 'reminders',
    text: `
      select r.drop_id as "dropId", d.title, r.created_at as "createdAt", r.told_at as "toldAt"
      from drop_reminders r join drops d on d.id = r.drop_id where r.user_id = $1 order by r.created_at`,
  },
  {
    name: 'notices',
    text: 'select template, sent_at as "sentAt" from notices where user_id = $1 order by sent_at',
  },
  {
    name: 'promotions',
    text: `
      select p.title, r.reference as "orderId", r.discount_minor as "discount", r.currency, r.state, r.at
      from promotion_redemptions r join promotions p on p.id = r.promotion_id where r.user_id = $1 order by r.at`,
  },
  {
    name: 'promotionUses',
    text: `
      select p.title, u.uses from promotion_uses u join promotions p on p.id = u.promotion_id
      where u.user_id = $1 order by p.id`,
  },
];
