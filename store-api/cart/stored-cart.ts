/** A cart as it is written down. What is read back is checked: it may have been written by another version of this. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { type Cart, EMPTY_CART } from '../../commerce/cart/cart.ts';
import { DropgateError } from '../../contracts/errors.ts';

const stamp = { atMs: Type.Integer(), device: Type.String() };
const Body = Type.Object({
  lines: Type.Array(
    Type.Object({
      ...stamp,
      sku: Type.String(),
      quantity: Type.Integer({ minimum: 1 }),
      saved: Type.Boolean(),
      addedAtMs: Type.Integer(),
      price: Type.Object({ minor: Type.Integer({ minimum: 0 }), currency: Type.String(), untilMs: Type.Integer() }),
    }),
  ),
  removed: Type.Array(Type.Object({ ...stamp, sku: Type.String() })),
  forgottenBeforeMs: Type.Integer(),
  coupons: Type.Array(Type.String()),
  currency: Type.Union([Type.String(), Type.Null()]),
  rates: Type.Array(
    Type.Object({
      from: Type.String(),
      to: Type.String(),
      rate: Type.Integer({ minimum: 1 }),
      untilMs: Type.Integer(),
    }),
  ),
  keys: Type.Array(Type.Object({ key: Type.String(), content: Type.String() })),
});
const compiled = Compile(Body);
const isCart = (value: unknown): value is Static<typeof Body> => compiled.Check(value);

export interface KeptCart {
  /** 0 of one that nobody has written yet. */
  readonly version: number;
  readonly cart: Cart;
  readonly updatedAtMs: number | null;
}

export const NO_CART: KeptCart = { version: 0, cart: EMPTY_CART, updatedAtMs: null };

/** With the time of the change in it: a copy in Redis has no other place for it. */
export function encodeCart(cart: Cart, updatedAtMs: number): string {
  return JSON.stringify({ ...cart, updatedAtMs });
}

export function decodeCart(version: number, body: string): KeptCart {
  const value: unknown = JSON.parse(body);
  if (!isCart(value)) throw new DropgateError('INTERNAL', 'a cart that was written down is none');
  const updatedAtMs: unknown = Reflect.get(value, 'updatedAtMs');
  return { version, cart: value, updatedAtMs: typeof updatedAtMs === 'number' ? updatedAtMs : null };
}
