import type { ClientBase, Pool } from 'pg';
import { PROMOTION_COLUMNS, type PromotionRow, promotionOfRow, type StoredPromotion } from '../promotion-rows.ts';

export interface NewPromotion extends StoredPromotion {
  readonly createdBy: string;
}

function valuesOf(promotion: StoredPromotion): unknown[] {
  const { id, title, rule, startsAtMs, endsAtMs, totalLimit, perUserLimit, state } = promotion;
  return [
    ...[id, title, JSON.stringify(rule.benefit), JSON.stringify(rule.conditions), rule.stacking, rule.priority],
    ...[startsAtMs, endsAtMs, totalLimit, perUserLimit, state],
  ];
}

/** False when another promotion has this code. */
export async function insertPromotion(client: ClientBase, promotion: NewPromotion): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'insert-promotion',
    text: `
      insert into promotions (
        id, title, benefit, conditions, stacking, priority, starts_at, ends_at, total_limit, per_user_limit, state,
        merchant_id, code_kind, code, created_by
      )
      values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000), $9, $10, $11,
        $12, $13, $14, $15)
      on conflict (code) do nothing`,
    values: [...valuesOf(promotion), promotion.merchantId, promotion.codeKind, promotion.code, promotion.createdBy],
  });
  return rowCount === 1;
}

/** False when it was changed since the version that is given. Whose it is and what its code is stays as it is. */
export async function updatePromotion(client: ClientBase, promotion: StoredPromotion): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'update-promotion',
    text: `
      update promotions p set title = $2, benefit = $3, conditions = $4, stacking = $5, priority = $6,
        starts_at = to_timestamp($7::float8 / 1000), ends_at = to_timestamp($8::float8 / 1000),
        -- Uses are counted from the moment there is a limit: those before it count too.
        used = case when p.total_limit is null and $9::integer is not null then (
          select count(*) from promotion_redemptions r where r.promotion_id = p.id and r.state <> 'released'
        ) else p.used end,
        total_limit = $9, per_user_limit = $10, state = $11, version = p.version + 1, updated_at = now()
      where id = $1 and version = $12`,
    values: [...valuesOf(promotion), promotion.version],
  });
  return rowCount === 1;
}

export async function findPromotion(database: Pool | ClientBase, id: string): Promise<StoredPromotion | undefined> {
  const { rows } = await database.query<PromotionRow>({
    name: 'find-promotion',
    text: `select ${PROMOTION_COLUMNS} from promotions p where p.id = $1`,
    values: [id],
  });
  return rows.map(promotionOfRow)[0];
}

/** The newest first; null for all merchants and the shop. */
export async function listPromotions(
  database: Pool | ClientBase,
  { merchantId, before, limit }: { merchantId: string | null; before: string | null; limit: number },
): Promise<StoredPromotion[]> {
  const { rows } = await database.query<PromotionRow>({
    name: 'list-promotions',
    text: `
      select ${PROMOTION_COLUMNS} from promotions p
      where ($1::uuid is null or p.merchant_id = $1) and ($2::uuid is null or p.id < $2)
      order by p.id desc limit $3`,
    values: [merchantId, before, limit],
  });
  return rows.map(promotionOfRow);
}

/** How often it was used: final uses, and those set aside for checkouts under way. */
export async function countUses(
  database: Pool | ClientBase,
  promotionId: string,
): Promise<{ readonly committed: number; readonly reserved: number }> {
  const { rows } = await database.query<{ committed: number; reserved: number }>({
    name: 'count-uses',
    text: `
      select count(*) filter (where state = 'committed')::integer as committed,
        count(*) filter (where state = 'reserved')::integer as reserved
      from promotion_redemptions where promotion_id = $1`,
    values: [promotionId],
  });
  return rows[0] ?? { committed: 0, reserved: 0 };
}
