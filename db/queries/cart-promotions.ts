import type { Asking } from '../../platform/connections/postgres-together.ts';
import { PROMOTION_COLUMNS, type PromotionRow, promotionOfRow, type StoredPromotion } from '../promotion-rows.ts';

export interface CartPromotion {
  readonly promotion: StoredPromotion;
  /** Of the one-time code by which it was found. */
  readonly codeHash: Buffer | null;
  readonly isCodeUsed: boolean;
  readonly isTotalReached: boolean;
  readonly isUserLimitReached: boolean;
}

type Row = PromotionRow & Omit<CartPromotion, 'promotion'>;

const FACTS = `${PROMOTION_COLUMNS},
  p.total_limit is not null and p.used >= p.total_limit as "isTotalReached",
  p.per_user_limit is not null and exists (
    select from promotion_uses u where u.promotion_id = p.id and u.user_id = $1 and u.uses >= p.per_user_limit
  ) as "isUserLimitReached"`;

function ofRow(row: Row): CartPromotion {
  const { codeHash, isCodeUsed, isTotalReached, isUserLimitReached } = row;
  return { promotion: promotionOfRow(row), codeHash, isCodeUsed, isTotalReached, isUserLimitReached };
}

/** Those that apply by themselves, for goods of the merchants of these articles. */
export async function findOwnPromotions(
  database: Asking,
  { userId, skus, nowMs, limit }: { userId: string; skus: readonly string[]; nowMs: number; limit: number },
): Promise<CartPromotion[]> {
  const { rows } = await database.query<Row>({
    name: 'find-own-promotions',
    text: `
      select ${FACTS}, null as "codeHash", false as "isCodeUsed"
      from promotions p
      where p.code_kind = 'none' and p.state = 'active'
        and (p.merchant_id is null or p.merchant_id in (
          select goods.merchant_id from variants v join products goods on goods.id = v.product_id
          where v.sku = any ((select $2::text[])::text[])
        ))
        and (p.starts_at is null or p.starts_at <= to_timestamp($3::float8 / 1000))
        and (p.ends_at is null or p.ends_at > to_timestamp($3::float8 / 1000))
      order by p.priority desc, p.id limit $4`,
    values: [userId, skus, nowMs, limit],
  });
  return rows.map(ofRow);
}

/** By what the shopper typed: the text of a shared code, or the hash of a one-time code. */
export async function findByCode(
  database: Asking,
  { userId, code, hash }: { userId: string; code: string; hash: Buffer },
): Promise<CartPromotion | undefined> {
  const { rows } = await database.query<Row>({
    name: 'find-promotion-by-code',
    text: `
      select ${FACTS}, c.hash as "codeHash",
        c.hash is not null and exists (
          select from promotion_redemptions r where r.code_hash = c.hash and r.state <> 'released'
        ) as "isCodeUsed"
      from promotions p left join promotion_codes c on c.promotion_id = p.id and c.hash = $3
      where (p.code_kind = 'shared' and p.code = $2)
        or p.id = (select promotion_id from promotion_codes where hash = $3)
      limit 1`,
    values: [userId, code, hash],
  });
  return rows.map(ofRow)[0];
}

/** Where a parcel goes and whether it is a first order: what prices of an account depend on. */
export async function findBuyer(
  database: Asking,
  userId: string,
): Promise<{ readonly hasOrdered: boolean; readonly country: string | null; readonly area: string | null }> {
  const { rows } = await database.query<{ hasOrdered: boolean; country: string | null; area: string | null }>({
    name: 'find-buyer',
    text: `
      select exists (select from orders where shopper_id = $1 and status <> 'CANCELLED') as "hasOrdered", a.country, a.area
      from (select) as one left join addresses a on a.user_id = $1 and a.is_default`,
    values: [userId],
  });
  return rows[0] ?? { hasOrdered: false, country: null, area: null };
}
