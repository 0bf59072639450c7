/** A cart as its owner sees it. */
import Type, { type Static } from 'typebox';
import type { CartLine } from '../../commerce/cart/cart.ts';
import { priceLine } from '../../commerce/cart/price-line.ts';
import { LIFETIMES } from '../../contracts/limits.ts';
import type { CartContext } from './cart-context.ts';
import type { Owner } from './cart-store.ts';
import type { KeptCart } from './stored-cart.ts';

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const minor = Type.Integer({ minimum: 0, description: 'Minor units of the currency of the cart.' });

const Item = Type.Object({
  sku: Type.String(),
  productId: nullable(Type.String()),
  title: Type.String(),
  variantTitle: Type.String(),
  quantity: Type.Integer(),
  unitPrice: nullable(minor),
  total: nullable(minor),
  priceHoldsUntil: nullable(Type.Integer()),
  priceChange: nullable(
    Type.Object(
      { from: nullable(minor), to: minor },
      { description: 'What was shown before and what it costs now. It has to be accepted before it can be paid.' },
    ),
  ),
  available: Type.Boolean({ description: 'In stock now. Nothing is set aside.' }),
  problem: nullable(
    Type.Union([Type.Literal('NO_LONGER_SOLD'), Type.Literal('NO_EXCHANGE_RATE')], {
      description: 'Why it is in no sum.',
    }),
  ),
  addedAt: Type.Integer(),
  changedAt: Type.Integer(),
  device: Type.String(),
});

export const CartView = Type.Object({
  version: Type.Integer(),
  currency: Type.String(),
  items: Type.Array(Item),
  saved: Type.Array(Item),
  coupons: Type.Array(Type.String()),
  subtotal: minor,
  updatedAt: nullable(Type.Integer()),
  expiresAt: nullable(Type.Integer()),
  outdated: Type.Optional(Type.Boolean({ description: 'The change came too late: something newer is known.' })),
});
export type CartView = Static<typeof CartView>;
type ItemView = Static<typeof Item>;

export function viewOf({ version, cart, updatedAtMs }: KeptCart, owner: Owner, context: CartContext): CartView {
  const views = cart.lines.map((line) => ({ line, view: itemOf(line, { version, cart, updatedAtMs }, context) }));
  const items = views.flatMap(({ line, view }) => (line.saved ? [] : [view]));
  const keptMs = owner.kind === 'guest' ? LIFETIMES.guestCartMs : LIFETIMES.cartMs;
  return {
    version,
    currency: context.currency,
    items,
    saved: views.flatMap(({ line, view }) => (line.saved ? [view] : [])),
    coupons: [...cart.coupons],
    subtotal: items.reduce((sum, { total }) => sum + (total ?? 0), 0),
    updatedAt: updatedAtMs,
    expiresAt: updatedAtMs === null ? null : updatedAtMs + keptMs,
  };
}

function itemOf(line: CartLine, { cart }: KeptCart, { items, currency, rates, nowMs }: CartContext): ItemView {
  const { sku, quantity, addedAtMs, atMs, device } = line;
  const kept = { sku, quantity, addedAt: addedAtMs, changedAt: atMs, device };
  const unpriced = { unitPrice: null, total: null, priceHoldsUntil: null, priceChange: null } as const;
  const item = items.get(sku);
  if (item === undefined || !item.isSold) {
    const { productId = null, title = '', variantTitle = '' } = item ?? {};
    return { ...kept, ...unpriced, productId, title, variantTitle, available: false, problem: 'NO_LONGER_SOLD' };
  }
  const shown = { ...kept, productId: item.productId, title: item.title, variantTitle: item.variantTitle };
  const current = { minor: item.priceMinor, currency: item.currency };
  const price = priceLine(line, current, { cart, currency, rates, nowMs });
  if (price === undefined || !Number.isSafeInteger(price.unitMinor * quantity)) {
    return { ...shown, ...unpriced, available: item.inStock, problem: 'NO_EXCHANGE_RATE' };
  }
  const { unitMinor, changedFrom, lockedUntilMs } = price;
  return {
    ...shown,
    ...{ unitPrice: unitMinor, total: unitMinor * quantity, priceHoldsUntil: lockedUntilMs },
    priceChange: changedFrom === null ? null : { from: changedFrom.minor, to: unitMinor },
    available: item.inStock,
    problem: null,
  };
}
