import type { StoredDrop } from '../../db/drop-rows.ts';
import { CURRENCY, DROP_PRICE_MINOR, DROP_SKU, VARIANTS } from './demo-catalog.ts';
import { seedId } from './ids.ts';

/** The drop of the demo is the same on every machine, so that its address can stand in the README. */
export const DEMO_DROP_ID = seedId('drop', 1);

export const DEMO_PASSWORD = 'dropgate-dev';

export const DEMO_USERS = [
  { id: seedId('user', 1), email: 'shopper@example.test', name: 'Sam Shopper', role: 'shopper' },
  { id: seedId('user', 2), email: 'merchant@example.test', name: 'Mina Merchant', role: 'merchant' },
  { id: seedId('user', 3), email: 'admin@example.test', name: 'Ada Admin', role: 'admin' },
] as const;

const DEMO_SHOPPER = DEMO_USERS[0];
/** The shopper of the demo, whose token `npm run mint -- --demo` prints. */
export const DEMO_SHOPPER_ID: string = DEMO_SHOPPER.id;

/** How the shopper of the demo can pay: a claim names one of these. */
export const DEMO_METHODS = [
  {
    id: seedId('method', 1),
    kind: 'card',
    token: 'pm_card_visa',
    brand: 'visa',
    last4: '4242',
    pays: 'is paid at once',
  },
  {
    ...{ id: seedId('method', 2), kind: 'card', token: 'pm_card_threeDSecure2Required', brand: 'visa', last4: '3220' },
    pays: 'asks for a confirmation (3-D Secure)',
  },
  {
    id: seedId('method', 3),
    kind: 'card',
    token: 'pm_card_chargeDeclined',
    brand: 'visa',
    last4: '0002',
    pays: 'is declined',
  },
  { id: seedId('method', 4), kind: 'wallet', token: null, brand: null, last4: null, pays: 'a wallet with 200.00' },
  { id: seedId('method', 5), kind: 'cod', token: null, brand: null, last4: null, pays: 'cash on delivery' },
] as const;
export const DEMO_WALLET_MINOR = 20_000;

export const DEMO_MERCHANT_EMAIL = 'merchant@example.test';

const YEAR_MS = 365 * 24 * 3_600_000;
const LOBBY_MS = 600_000;

/** All units of the drop's item that the warehouses have. */
export const DEMO_DROP_UNITS = VARIANTS.filter((variant) => variant.sku === DROP_SKU)
  .flatMap((variant) => variant.stock)
  .reduce((sum, units) => sum + units, 0);

/** A drop that is live from the moment of seeding and for a year. */
export function demoDrop(options: { merchantId: string; regions: readonly string[]; nowMs: number }): StoredDrop {
  const { merchantId, regions, nowMs } = options;
  return {
    id: DEMO_DROP_ID,
    merchantId,
    revision: 1,
    title: 'First Light tee, edition of 1,000',
    currency: CURRENCY,
    skus: [
      {
        sku: DROP_SKU,
        title: 'First Light tee',
        price: DROP_PRICE_MINOR,
        allocation: shareOut(DEMO_DROP_UNITS, regions),
      },
    ],
    mode: 'fifo',
    state: 'scheduled',
    lobbyOpensAt: nowMs - LOBBY_MS,
    startsAt: nowMs,
    endsAt: nowMs + YEAR_MS,
    perShopperLimit: 2,
    holdSeconds: 900,
    passSeconds: 300,
    admission: { perSecond: 200, maxActive: 1_000 },
    lanes: [{ name: 'everyone', weight: 1, tier: 'standard' }],
    challenge: 'off',
    commit: null,
  };
}

/** Equal shares; what does not divide goes to the regions named first. */
export function shareOut(units: number, regions: readonly string[]): Record<string, number> {
  const share = Math.floor(units / regions.length);
  const left = units - share * regions.length;
  return Object.fromEntries(regions.map((region, index) => [region, index < left ? share + 1 : share]));
}
