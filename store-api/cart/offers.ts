/** Which promotions are on offer for a cart, and what its codes come to. */
import type { Goods, Promotion, Refusal as WhyNot } from '../../commerce/promotions/promotion.ts';
import { normalizeCode } from '../../contracts/promotions.ts';
import { type CartPromotion, findByCode } from '../../db/queries/cart-promotions.ts';
import { hashOfCode } from '../promotions/codes.ts';
import type { StoreServices } from '../services.ts';
import type { Owner } from './cart-store.ts';

export type CodeProblem = 'UNKNOWN' | 'USED' | 'LIMIT_REACHED' | 'SIGN_IN_FIRST' | WhyNot;

export interface CodeOffer {
  readonly code: string;
  readonly found: CartPromotion | undefined;
  /** Before the cart is looked at. */
  readonly problem: CodeProblem | undefined;
}

export interface Offers {
  readonly promotions: readonly Promotion[];
  readonly codes: readonly CodeOffer[];
  readonly codeHashes: ReadonlyMap<string, Buffer>;
}

interface Offered {
  readonly owner: Owner;
  readonly coupons: readonly string[];
  readonly goods: readonly Goods[];
  /** Those that apply by themselves to what is in the cart. */
  readonly own: readonly CartPromotion[];
}

export async function findOffers(
  { database }: Pick<StoreServices, 'database'>,
  { owner, coupons, goods, own: found }: Offered,
): Promise<Offers> {
  // What cannot be bought is in the cart, but brings no promotion of its merchant.
  const merchants = new Set(goods.map(({ merchantId }) => merchantId));
  const own = found.filter(({ promotion: { merchantId } }) => merchantId === null || merchants.has(merchantId));
  const codes: CodeOffer[] = [];
  for (const coupon of coupons) codes.push(await findCode(database, owner, coupon));
  const usable = new Map<string, CartPromotion>();
  for (const found of own) if (problemOf(found, owner) === undefined) usable.set(found.promotion.id, found);
  for (const { found, problem } of codes) {
    if (found !== undefined && problem === undefined) usable.set(found.promotion.id, found);
  }
  return {
    promotions: [...usable.values()].map(ruleOf),
    codes,
    codeHashes: new Map(
      [...usable].flatMap(([id, { codeHash }]) => (codeHash === null ? [] : [[id, codeHash] as const])),
    ),
  };
}

export async function findCode(database: StoreServices['database'], owner: Owner, typed: string): Promise<CodeOffer> {
  const code = normalizeCode(typed);
  if (code === undefined) return { code: typed, found: undefined, problem: 'UNKNOWN' };
  const found = await findByCode(database, { userId: owner.userId, code, hash: hashOfCode(code) });
  return { code, found, problem: found === undefined ? 'UNKNOWN' : problemOf(found, owner) };
}

function problemOf({ promotion, ...found }: CartPromotion, owner: Owner): CodeProblem | undefined {
  if (promotion.state !== 'active') return 'ENDED';
  if (found.isCodeUsed) return 'USED';
  if (found.isTotalReached || found.isUserLimitReached) return 'LIMIT_REACHED';
  // Guests are as many people as they like.
  return promotion.perUserLimit !== null && owner.kind === 'guest' ? 'SIGN_IN_FIRST' : undefined;
}

function ruleOf({ promotion }: CartPromotion): Promotion {
  const { id, merchantId, title, rule, startsAtMs, endsAtMs } = promotion;
  const times = { startsAtMs: startsAtMs ?? undefined, endsAtMs: endsAtMs ?? undefined };
  return { id, merchantId, title, ...rule, conditions: { ...rule.conditions, ...times } };
}
