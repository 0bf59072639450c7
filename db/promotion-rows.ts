import { isPromotionRule, type PromotionRule } from '../contracts/promotions.ts';

export type PromotionState = 'active' | 'paused' | 'ended';
export type CodeKind = 'none' | 'shared' | 'single';

export interface StoredPromotion {
  readonly id: string;
  readonly merchantId: string | null;
  readonly title: string;
  readonly rule: PromotionRule;
  readonly codeKind: CodeKind;
  /** What shoppers type, where all type the same. */
  readonly code: string | null;
  readonly startsAtMs: number | null;
  readonly endsAtMs: number | null;
  readonly totalLimit: number | null;
  readonly perUserLimit: number | null;
  readonly state: PromotionState;
  readonly version: number;
}

export interface PromotionRow extends Omit<StoredPromotion, 'rule' | 'startsAtMs' | 'endsAtMs'> {
  readonly benefit: unknown;
  readonly conditions: unknown;
  readonly stacking: string;
  readonly priority: number;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
}

export const PROMOTION_COLUMNS = `
  p.id, p.merchant_id as "merchantId", p.title, p.benefit, p.conditions, p.stacking, p.priority,
  p.code_kind as "codeKind", p.code, p.starts_at as "startsAt", p.ends_at as "endsAt",
  p.total_limit as "totalLimit", p.per_user_limit as "perUserLimit", p.state, p.version`;

export function promotionOfRow(row: PromotionRow): StoredPromotion {
  const { id, merchantId, title, codeKind, code, totalLimit, perUserLimit, state, version } = row;
  const rule = { benefit: row.benefit, conditions: row.conditions, stacking: row.stacking, priority: row.priority };
  if (!isPromotionRule(rule)) throw new TypeError(`the rule of promotion ${id} is none that is known`);
  return {
    ...{ id, merchantId, title, codeKind, code, totalLimit, perUserLimit, state, version, rule },
    startsAtMs: row.startsAt?.getTime() ?? null,
    endsAtMs: row.endsAt?.getTime() ?? null,
  };
}
