/** The store: a catalog of another size. Search is not among it: its cost does grow with the catalog. */
import { againCommand } from '../reports.ts';
import type { CheckSpec } from './check.ts';

const PRODUCTS = 100_000;
const KINDS = {
  product: 'requestsPerSecond',
  cart: 'cartRequestsPerSecond',
  orderStatus: 'orderStatusPerSecond',
  'checkout and order': 'ordersPerSecond',
} as const;

export const STORE_CHECKS: readonly CheckSpec[] = Object.entries(KINDS).map(([kind, rate]) => ({
  point: `store: ${kind} a second with ${PRODUCTS.toLocaleString('en-US')} products`,
  madeFrom: 'the largest catalog: it costs the same in any',
  unit: 'req/s',
  predict(seeker) {
    const fitted = seeker.seek('store', 'products', 'settings.products').value;
    // What the prediction was made from says nothing about it.
    if (fitted === PRODUCTS) seeker.lack(`store.json has one catalog only; measure it anew: ${againCommand('store')}`);
    return {
      predicted: seeker.seek('store', 'req/s', `metrics.${rate}`).value,
      measured: seeker.seek('store', 'req/s', `curves.products[products=${PRODUCTS},what=${kind}].req/s`).value,
    };
  },
}));
