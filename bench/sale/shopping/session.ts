/** One connection of the shop: one visitor after the other, each of them somebody new, each asking one thing after the other. */
import type { Buyer, Shot } from '../../store/generator/notes.ts';
import { type Step, stepsOf } from './mix.ts';

export interface Shopping {
  /** What is asked next, and what kind of request it is. */
  next(): { readonly shot: Shot; readonly step: Step };
  answered(status: number, body: string): void;
}

export interface ShoppingOptions {
  readonly productIds: readonly string[];
  readonly queries: readonly string[];
  random(): number;
  /** Somebody who was not here before. */
  nextBuyer(): Buyer;
  onSession(): void;
  onOrder(): void;
}

const API = '/api/v1';
const ADDRESS = { recipient: 'A Shopper', line1: '1 High Street', city: 'Graz', postalCode: '8010', country: 'AT' };

export function createShopping(options: ShoppingOptions): Shopping {
  const { productIds, queries, random, nextBuyer, onSession, onOrder } = options;
  let steps: Step[] = [];
  let buyer: Buyer = { token: '', sku: '' };
  let asked: Step = 'list';
  let [checkoutId, orderId] = ['', ''];

  function shotOf(step: Step): Shot {
    const get = (path: string): Shot => ({ method: 'GET', path: `${API}${path}`, headers: headersOf(buyer.token) });
    const post = (path: string, body: object): Shot => ({
      ...{ method: 'POST', path: `${API}${path}`, body: JSON.stringify(body) },
      headers: {
        ...headersOf(buyer.token),
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
    });
    switch (step) {
      case 'list':
        return get('/products');
      case 'search':
        return get(`/search/products?q=${encodeURIComponent(pick(queries, random))}`);
      case 'product':
        return get(`/products/${pick(productIds, random)}`);
      case 'add':
        return post('/cart/items', { sku: buyer.sku, quantity: 1 });
      case 'cart':
        return get('/cart');
      case 'sum':
        return get('/cart/summary');
      case 'checkout':
        return post('/cart/checkout', { address: ADDRESS, paymentMethod: { kind: 'wallet' } });
      case 'order':
        return post('/orders', { checkoutId });
      case 'status':
        return get(`/orders/${orderId}`);
    }
  }

  return {
    next() {
      if (steps.length === 0) {
        steps = [...stepsOf(random())];
        buyer = nextBuyer();
        onSession();
      }
      asked = steps.shift() ?? 'list';
      return { shot: shotOf(asked), step: asked };
    },
    answered(status, body) {
      const isGood = status >= 200 && status < 300;
      // What was refused cannot be built on: the visit is over.
      if (!isGood) steps = [];
      else if (asked === 'checkout') checkoutId = idIn(body);
      else if (asked === 'order') {
        orderId = idIn(body);
        onOrder();
      }
    },
  };
}

function headersOf(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

function pick(from: readonly string[], random: () => number): string {
  return from[Math.floor(random() * from.length)] ?? '';
}

function idIn(body: string): string {
  const made: unknown = JSON.parse(body);
  return typeof made === 'object' && made !== null && 'id' in made && typeof made.id === 'string' ? made.id : '';
}
