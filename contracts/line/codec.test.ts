import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCY_PATTERN, SKU_PATTERN } from '../drop.ts';
import { ERROR_CODES } from '../errors.ts';
import { UUID_V7_PATTERN } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { decodeEdgeFrame, decodeShopperFrame, encodeClaimed, encodeMessage } from './codec.ts';
import { type EdgeMessage, IDEMPOTENCY_KEY_PATTERN, type ShopperMessage } from './messages.ts';

const CLAIM_ID = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
const frame = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;

const fromShopper: ShopperMessage[] = [
  { t: 'join', token: 'a.b.c', nonce: 'n' },
  { t: 'join', token: 'a.b.c', nonce: 'n', ticket: 't', proof: 'p' },
  { t: 'claim', key: 'k-1', sku: 'SNEAKER-42', qty: 2 },
  { t: 'leave' },
  { t: 'ping' },
];

const fromEdge: EdgeMessage[] = [
  {
    t: 'welcome',
    drop: {
      id: CLAIM_ID,
      title: 'Sneaker',
      state: 'live',
      startsAt: 1,
      endsAt: 2,
      skus: [{ sku: 'S', title: 'S', price: 100, currency: 'EUR' }],
      commit: null,
    },
  },
  { t: 'ticket', ticket: 't', entrant: '0'.repeat(32), lane: 'main', region: 'eu', position: 7 },
  { t: 'line', state: 'live', ahead: 3, etaMs: [100, 900], odds: 0.5, stock: 9 },
  { t: 'head', state: 'live', lanes: { main: { head: 4, waiting: 3 } }, perSecond: 1.5, stock: 9 },
  { t: 'admitted', pass: 'p', expiresAt: 5 },
  { t: 'claimed', key: 'k', claimId: CLAIM_ID, sku: 'S', qty: 1, amount: 100, currency: 'EUR', holdUntil: 6 },
  ...ERROR_CODES.map((code): EdgeMessage => ({ t: 'refused', code })),
  { t: 'refused', key: 'k', code: 'BUSY', retryAfterMs: 500 },
  { t: 'sold-out', sku: 'S', region: 'eu', anywhere: false },
  { t: 'order', claimId: CLAIM_ID, orderId: CLAIM_ID, status: 'PENDING' },
  { t: 'pong', now: 7 },
];

describe('frames from a shopper', () => {
  it.each(fromShopper)('come back as they were sent: %j', (message) => {
    expect(decodeShopperFrame(frame(encodeMessage(message)), false)).toEqual({ ok: true, message });
  });

  it.each([
    ['not JSON', '{'],
    ['nothing', ''],
    ['an unknown message', '{"t":"admin"}'],
    ['a field too many', '{"t":"ping","x":1}'],
    ['a prototype for a field', '{"t":"ping","__proto__":{"t":"claim"}}'],
    ['a missing field', '{"t":"claim","key":"k","sku":"S"}'],
    ['nothing claimed', '{"t":"claim","key":"k","sku":"S","qty":0}'],
    ['half a unit', '{"t":"claim","key":"k","sku":"S","qty":0.5}'],
    ['more than a claim may have', `{"t":"claim","key":"k","sku":"S","qty":${LIMITS.unitsPerClaim + 1}}`],
    ['a key with a space', '{"t":"claim","key":"a b","sku":"S","qty":1}'],
    ['a separator in a sku', '{"t":"claim","key":"k","sku":"S|1","qty":1}'],
    ['a list', '[]'],
    ['null', 'null'],
  ])('are refused when they hold %s', (_what, text) => {
    expect(decodeShopperFrame(frame(text), false)).toMatchObject({ ok: false, code: 'BAD_MESSAGE' });
  });

  it('are refused when binary, not UTF-8 or too large', () => {
    expect(decodeShopperFrame(frame('{"t":"ping"}'), true)).toMatchObject({ ok: false, code: 'BAD_MESSAGE' });
    expect(decodeShopperFrame(Uint8Array.of(0xff, 0xfe).buffer, false)).toMatchObject({ reason: 'not UTF-8' });
    const large = new ArrayBuffer(LIMITS.socketFrameBytes + 1);
    expect(decodeShopperFrame(large, false)).toMatchObject({ ok: false, code: 'TOO_LARGE' });
  });

  it('never throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, binary) => {
        expect(typeof decodeShopperFrame(Uint8Array.from(bytes).buffer, binary).ok).toBe('boolean');
      }),
    );
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(decodeShopperFrame(frame(text), false).ok).toBe(false);
      }),
    );
  });
});

describe('frames from the edge', () => {
  it.each(fromEdge)('come back as they were sent: %j', (message) => {
    expect(decodeEdgeFrame(encodeMessage(message))).toEqual({ ok: true, message });
  });

  it('tell a win as JSON would, whatever its patterns allow', () => {
    const text = (pattern: string) => fc.stringMatching(new RegExp(pattern));
    const win = fc.record({
      ...{ key: text(IDEMPOTENCY_KEY_PATTERN), claimId: text(UUID_V7_PATTERN), sku: text(SKU_PATTERN) },
      ...{ qty: fc.nat(), amount: fc.nat(), currency: text(CURRENCY_PATTERN), holdUntil: fc.maxSafeNat() },
    });
    fc.assert(
      fc.property(win, (won) => {
        expect(encodeClaimed(won)).toBe(encodeMessage({ t: 'claimed', ...won }));
      }),
    );
  });

  it('are refused with a code that the catalogue does not have', () => {
    expect(decodeEdgeFrame('{"t":"refused","code":"NO_LUCK"}').ok).toBe(false);
  });
});
