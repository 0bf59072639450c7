/** One message of each kind: the compiler asks for a new one, and a test checks each against its schema. */
import type { EdgeMessage, EdgeMessageOf, ShopperMessage } from '../../contracts/line/messages.ts';

const DROP_ID = '0198f3a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b';
const CLAIM_ID = '0198f3a0-2b3c-7d4e-9f5a-6b7c8d9e0f1a';
const STARTS_AT = 1_756_720_800_000;

export const SHOPPER_EXAMPLES: { readonly [T in ShopperMessage['t']]: Extract<ShopperMessage, { t: T }> } = {
  join: { t: 'join', token: 'eyJhbGciOi…', nonce: '5f2c9a7be1d04c3688aa0d2b9c61e7f4' },
  claim: { t: 'claim', key: '3b1f0c6e-first-try', sku: 'SNEAKER-42', qty: 1 },
  leave: { t: 'leave' },
  ping: { t: 'ping' },
};

export const EDGE_EXAMPLES: { readonly [T in EdgeMessage['t']]: EdgeMessageOf<T> } = {
  welcome: {
    t: 'welcome',
    drop: {
      ...{ id: DROP_ID, title: 'Sneaker drop', state: 'live' },
      ...{ startsAt: STARTS_AT, endsAt: STARTS_AT + 3_600_000 },
      skus: [{ sku: 'SNEAKER-42', title: 'Sneaker, size 42', price: 4_900, currency: 'EUR' }],
      commit: null,
    },
  },
  ticket: {
    ...{ t: 'ticket', ticket: 'MDE5OGYzYTA…', entrant: '9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d' },
    ...{ lane: 'main', region: 'us-east', position: 1_204 },
  },
  line: { t: 'line', state: 'live', ahead: 311, etaMs: [3_110, 9_330], odds: 0.82, stock: 410 },
  head: { t: 'head', state: 'live', lanes: { main: { head: 892, waiting: 5_120 } }, perSecond: 98.5, stock: 402 },
  admitted: { t: 'admitted', pass: 'MDE5OGYzYTE…', expiresAt: STARTS_AT + 121_000 },
  claimed: {
    ...{ t: 'claimed', key: '3b1f0c6e-first-try', claimId: CLAIM_ID, sku: 'SNEAKER-42', qty: 1 },
    ...{ amount: 4_900, currency: 'EUR', holdUntil: STARTS_AT + 610_000 },
  },
  refused: { t: 'refused', key: '3b1f0c6e-first-try', code: 'BUSY', retryAfterMs: 1_000 },
  'sold-out': { t: 'sold-out', sku: 'SNEAKER-42', region: 'us-east', anywhere: true },
  order: { t: 'order', claimId: CLAIM_ID, orderId: CLAIM_ID, status: 'PENDING' },
  pong: { t: 'pong', now: STARTS_AT + 9_000 },
};
