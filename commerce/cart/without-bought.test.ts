import { describe, expect, it } from 'vitest';
import { type Cart, changeCart, EMPTY_CART } from './cart.ts';
import { withoutBought } from './without-bought.ts';

const price = { minor: 100, currency: 'EUR' };

function filled(...lines: readonly (readonly [sku: string, quantity: number, atMs: number])[]): Cart {
  return lines.reduce<Cart>((cart, [sku, quantity, atMs]) => {
    const changed = changeCart(cart, { kind: 'set', sku, quantity, price, atMs, nowMs: atMs, device: '' });
    return changed.ok ? changed.cart : cart;
  }, EMPTY_CART);
}

const bought = { lines: [{ sku: 'A', quantity: 2 }], coupons: ['TENTH'], atMs: 1_000 };
const skus = (cart: Cart) => cart.lines.map(({ sku }) => sku);

describe('a cart after an order', () => {
  it('is without what was bought and the codes that were used, once and for all', () => {
    const cart = { ...filled(['A', 2, 500], ['B', 1, 500]), coupons: ['TENTH', 'OTHER'] };
    const after = withoutBought(cart, bought, 2_000);
    expect([skus(after), after.coupons]).toEqual([['B'], ['OTHER']]);
    expect(withoutBought(after, bought, 3_000)).toBe(after);
  });

  it('keeps what was changed since, put aside, or put in again', () => {
    expect(skus(withoutBought(filled(['A', 3, 500]), bought, 2_000))).toEqual(['A']);
    expect(skus(withoutBought(filled(['A', 2, 1_500]), bought, 2_000))).toEqual(['A']);
    const aside = changeCart(filled(['A', 2, 500]), {
      ...{ kind: 'save', sku: 'A', saved: true, atMs: 600, nowMs: 600, device: '' },
    });
    if (!aside.ok) throw new Error(aside.problem);
    expect(skus(withoutBought(aside.cart, bought, 2_000))).toEqual(['A']);
  });
});
