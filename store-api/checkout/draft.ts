/** From a cart to what somebody is about to buy: at the prices that they were shown, or not at all. */
import { type PricedCheckout, priceCheckout } from '../../commerce/checkout/price-checkout.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { AddressFields } from '../../db/queries/addresses.ts';
import type { PromotionUse } from '../../db/queries/redeem-codes.ts';
import type { Owner } from '../cart/cart-store.ts';
import type { CartView } from '../cart/cart-view.ts';
import { type CartSummary, type LookedUp, summaryFrom } from '../cart/summary.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';
import type { CheckoutBody, PaymentChoice } from './stored-checkout.ts';

export interface Draft {
  readonly owner: Owner;
  readonly tier: string | undefined;
  readonly currency: string;
  /** Not yet planned: `parts` come from the shelves. */
  readonly body: Omit<CheckoutBody, 'parts'>;
  readonly uses: readonly PromotionUse[];
}

export interface Said {
  readonly address: AddressFields;
  readonly email: string | null;
  readonly shippingOption: string | undefined;
  readonly payment: PaymentChoice | null;
  readonly tier: string | undefined;
}

export async function draftOf(
  services: StoreServices,
  owner: Owner,
  { said, looked }: { readonly said: Said; readonly looked: LookedUp<unknown> },
): Promise<Draft> {
  const { address, email, payment, tier } = said;
  const place = { country: address.country, area: address.area === '' ? undefined : address.area };
  const asked = { ...place, tier, shipping: undefined };
  const cart = await summaryFrom(services, owner, asked, looked);
  refuseWhatCannotBeBought(cart.view);
  const { currency } = cart.view;
  const lines = linesOf(cart);
  const { freeShipping } = cart.summary.evaluated;
  const destination = { country: place.country, ...(place.area === undefined ? {} : { area: place.area }) };
  const price = orRefuse(
    priceCheckout({ lines, currency, destination, freeShipping, shippingOption: said.shippingOption }),
  );
  return {
    ...{ owner, tier, currency, uses: cart.uses },
    body: {
      lines: lines.map((line, at) => ({ ...line, taxMinor: price.linesTaxMinor[at] ?? null })),
      ...{ address, email, shippingOption: price.chosen.option.id, freeShipping, payment },
      promotions: cart.summary.evaluated.applied.map(({ promotion: { id, title }, discountMinor }) => ({
        ...{ id, title, discountMinor },
      })),
      coupons: cart.codes.flatMap(({ code, problem }) => (problem === null ? [code] : [])),
      ...{ tax: price.tax, amounts: price.amounts },
    },
  };
}

export function orRefuse(priced: PricedCheckout) {
  if (priced.ok) return priced.price;
  switch (priced.problem) {
    case 'TOO_LARGE':
      throw new Refusal('AMOUNT_TOO_LARGE');
    case 'NO_OPTION':
      throw new Refusal('SHIPPING_UNAVAILABLE', { detail: 'Nothing is sent there that is paid in this currency.' });
    case 'UNKNOWN_OPTION':
      throw new Refusal('SHIPPING_UNAVAILABLE', { detail: 'There is no such way to send it.' });
  }
}

function refuseWhatCannotBeBought({ items }: CartView): void {
  if (items.length === 0) throw new Refusal('CART_EMPTY');
  const gone = items.filter(({ problem }) => problem !== null);
  if (gone.length > 0) {
    throw new Refusal('ITEM_UNAVAILABLE', {
      detail: gone.map(({ sku, problem }) => `${sku}: ${problem}`).join(', '),
    });
  }
  const changed = items.filter(({ priceChange }) => priceChange !== null);
  if (changed.length > 0) {
    throw new Refusal('PRICES_CHANGED', { detail: changed.map(({ sku }) => sku).join(', ') });
  }
}

function linesOf({ view, goods, summary }: CartSummary) {
  const shown = new Map(view.items.map((item) => [item.sku, item]));
  return goods.map(({ sku, merchantId, quantity, unitPriceMinor }, at) => {
    const item = shown.get(sku);
    const [title, variant] = [item?.title ?? sku, item?.variantTitle ?? ''];
    return {
      ...{ line: at + 1, sku, productId: item?.productId ?? '', merchantId, quantity, unitPriceMinor },
      title: (variant === '' ? title : `${title}, ${variant}`).slice(0, LIMITS.titleChars),
      discountMinor: summary.evaluated.linesMinor[at] ?? 0,
    };
  });
}
