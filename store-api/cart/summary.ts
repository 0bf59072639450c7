/** What a cart comes to: the goods that can be bought, less promotions, plus tax and shipping. */
import { type Summary, summarize } from '../../commerce/cart/summarize.ts';
import type { Buyer, Goods } from '../../commerce/promotions/promotion.ts';
import type { Place } from '../../commerce/tax/rates.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type CartPromotion, findBuyer, findOwnPromotions } from '../../db/queries/cart-promotions.ts';
import type { CartItem } from '../../db/queries/find-cart-items.ts';
import type { PromotionUse } from '../../db/queries/redeem-codes.ts';
import { type Asking, together } from '../../platform/connections/postgres-together.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';
import { type CartContext, contextOf, findItemsOf } from './cart-context.ts';
import type { Owner } from './cart-store.ts';
import { type CartView, viewOf } from './cart-view.ts';
import type { Carts } from './carts.ts';
import { type CodeProblem, findOffers, type Offers } from './offers.ts';
import type { KeptCart } from './stored-cart.ts';

export interface Asked {
  readonly country?: string | undefined;
  readonly area?: string | undefined;
  readonly shipping?: string | undefined;
  readonly tier: string | undefined;
}

export interface CartSummary {
  readonly view: CartView;
  readonly goods: readonly Goods[];
  readonly summary: Summary;
  readonly destination: Place | undefined;
  readonly codes: readonly { readonly code: string; readonly problem: CodeProblem | null }[];
  /** What an order of this cart uses up: for redeemCodes. */
  readonly uses: readonly PromotionUse[];
}

/** What a summary is made of, looked up in one go, and with it whatever else its caller needs to know. */
export interface LookedUp<A> {
  readonly kept: KeptCart;
  readonly items: ReadonlyMap<string, CartItem>;
  readonly buyer: Awaited<ReturnType<typeof findBuyer>>;
  readonly own: readonly CartPromotion[];
  readonly along: A;
}

export async function lookUp<A>(
  { database, clock }: Pick<StoreServices, 'database' | 'clock'>,
  owner: Owner,
  kept: KeptCart,
  along: (asking: Asking, skus: readonly string[]) => Promise<A>,
): Promise<LookedUp<A>> {
  const { lines } = kept.cart;
  const bought = lines.filter(({ saved }) => !saved).map(({ sku }) => sku);
  const { userId } = owner;
  const offered = { userId, skus: bought, nowMs: clock.now(), limit: LIMITS.promotionsPerCart };
  const found = await together(database, (asking) =>
    Promise.all([
      findItemsOf(asking, kept.cart),
      findBuyer(asking, userId),
      findOwnPromotions(asking, offered),
      along(asking, bought),
    ]),
  );
  const [items, buyer, own, more] = found;
  return { kept, items, buyer, own, along: more };
}

export async function summaryOf(
  services: StoreServices,
  carts: Carts,
  owner: Owner,
  asked: Asked,
): Promise<CartSummary> {
  const kept = await carts.store.load(owner);
  return await summaryFrom(services, owner, asked, await lookUp(services, owner, kept, async () => undefined));
}

export async function summaryFrom(
  services: StoreServices,
  owner: Owner,
  asked: Asked,
  { kept, items, buyer, own }: LookedUp<unknown>,
): Promise<CartSummary> {
  const context = await contextOf(services, kept.cart, items);
  const view = viewOf(kept, owner, context);
  const goods = goodsOf(view, context);
  const offers = await findOffers(services, { owner, coupons: view.coupons, goods, own });
  const destination = placeOf(asked, buyer);
  const outcome = summarize({
    ...{ goods, promotions: offers.promotions, destination, shippingOption: asked.shipping },
    buyer: buyerOf(owner, buyer.hasOrdered, view.currency, asked.tier, context.nowMs),
  });
  if (!outcome.ok) throw new Refusal('INVALID', { detail: outcome.problem });
  const { summary } = outcome;
  const [codes, uses] = [codesOf(offers, summary), usesOf(offers, summary, view.currency)];
  return { view, goods, summary, destination, codes, uses };
}

export function goodsOf(view: CartView, { items }: CartContext): Goods[] {
  return view.items.flatMap(({ sku, unitPrice, quantity }) => {
    const item = items.get(sku);
    if (item === undefined || unitPrice === null) return [];
    return [{ sku, unitPriceMinor: unitPrice, quantity, merchantId: item.merchantId, categoryIds: item.categoryIds }];
  });
}

function buyerOf(owner: Owner, hasOrdered: boolean, currency: string, tier: string | undefined, nowMs: number): Buyer {
  return { nowMs, currency, tier, isFirstOrder: owner.kind === 'user' && !hasOrdered };
}

function placeOf(asked: Asked, known: { country: string | null; area: string | null }): Place | undefined {
  if (asked.country !== undefined) {
    return { country: asked.country, ...(asked.area === undefined ? {} : { area: asked.area }) };
  }
  if (known.country === null) return undefined;
  return { country: known.country, ...(known.area === null || known.area === '' ? {} : { area: known.area }) };
}

function codesOf({ codes }: Offers, { evaluated }: Summary): CartSummary['codes'] {
  return codes.map(({ code, found, problem }) => {
    if (problem !== undefined || found === undefined) return { code, problem: problem ?? 'UNKNOWN' };
    const refused = evaluated.refused.find(({ promotion }) => promotion.id === found.promotion.id);
    return { code, problem: refused?.why ?? null };
  });
}

function usesOf({ codeHashes }: Offers, { evaluated }: Summary, currency: string): PromotionUse[] {
  return evaluated.applied.map(({ promotion, discountMinor }) => ({
    promotionId: promotion.id,
    codeHash: codeHashes.get(promotion.id) ?? null,
    ...{ discountMinor, currency },
  }));
}
