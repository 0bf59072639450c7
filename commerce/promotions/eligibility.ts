import type { Buyer, Goods, Promotion, Refusal } from './promotion.ts';

/** Why a promotion is not for this cart, or which of its lines it is for. */
export type Eligibility =
  | { readonly ok: true; readonly lines: readonly number[] }
  | { readonly ok: false; readonly why: Refusal };

export function eligibilityOf(promotion: Promotion, goods: readonly Goods[], buyer: Buyer): Eligibility {
  const why = refusalOfBuyer(promotion, buyer);
  if (why !== undefined) return { ok: false, why };
  const lines = goods.flatMap((line, at) => (isFor(promotion, line) ? [at] : []));
  if (lines.length === 0) return { ok: false, why: 'NO_MATCHING_GOODS' };
  // The parcel is sent once: one merchant does not pay for what another sends with it.
  if (promotion.benefit.kind === 'free-shipping' && promotion.merchantId !== null && lines.length < goods.length) {
    return { ok: false, why: 'NO_MATCHING_GOODS' };
  }
  const worthMinor = lines.reduce((sum, at) => sum + worthOf(goods[at]), 0);
  const { minimumMinor } = promotion.conditions;
  if (minimumMinor !== undefined && worthMinor < minimumMinor) return { ok: false, why: 'BELOW_MINIMUM' };
  return { ok: true, lines };
}

export function worthOf(line: Goods | undefined): number {
  return line === undefined ? 0 : line.unitPriceMinor * line.quantity;
}

function refusalOfBuyer({ benefit, conditions }: Promotion, buyer: Buyer): Refusal | undefined {
  const { startsAtMs, endsAtMs, minimumMinor, currency, firstOrder, tiers } = conditions;
  if (startsAtMs !== undefined && buyer.nowMs < startsAtMs) return 'NOT_STARTED';
  if (endsAtMs !== undefined && buyer.nowMs >= endsAtMs) return 'ENDED';
  const hasAmount =
    benefit.kind === 'fixed' || minimumMinor !== undefined || ('maxMinor' in benefit && benefit.maxMinor !== undefined);
  if (hasAmount ? currency !== buyer.currency : currency !== undefined && currency !== buyer.currency) {
    return 'OTHER_CURRENCY';
  }
  if (firstOrder === true && !buyer.isFirstOrder) return 'NOT_FIRST_ORDER';
  if (tiers !== undefined && (buyer.tier === undefined || !tiers.includes(buyer.tier))) return 'OTHER_TIER';
  return undefined;
}

function isFor({ merchantId, conditions }: Promotion, line: Goods): boolean {
  if (merchantId !== null && line.merchantId !== merchantId) return false;
  if (conditions.skus !== undefined && !conditions.skus.includes(line.sku)) return false;
  return conditions.categoryId === undefined || line.categoryIds.includes(conditions.categoryId);
}
