import { describe, expect, it } from 'vitest';
import { decodeShopperFrame, encodeMessage } from '../line/codec.ts';
import type { ShopperMessage } from '../line/messages.ts';
import { decodeFrame } from './decode.ts';
import { answerIn, claimFrame, joinFrame, kindOf, LEAVE_FRAME, numberIn, PING_FRAME, textIn } from './frames.ts';

const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;

describe('frames made without checks', () => {
  it.each<[string, ShopperMessage]>([
    [PING_FRAME, { t: 'ping' }],
    [LEAVE_FRAME, { t: 'leave' }],
    [claimFrame('k:1', 'SNEAKER-42', 2), { t: 'claim', key: 'k:1', sku: 'SNEAKER-42', qty: 2 }],
    [joinFrame({ token: 'a.b', nonce: '"' }), { t: 'join', token: 'a.b', nonce: '"' }],
  ])('are what the codec makes: %s', (frame, message) => {
    expect(frame).toBe(encodeMessage(message));
    expect(decodeShopperFrame(bytes(frame), false)).toEqual({ ok: true, message });
  });
});

describe('frames read without checks', () => {
  it('tell their kind and fields', () => {
    const frame = encodeMessage({ t: 'refused', code: 'BUSY', key: 'k', retryAfterMs: 500, text: '"key":"other"' });
    expect([kindOf(frame), textIn(frame, 'key'), numberIn(frame, 'retryAfterMs')]).toEqual(['refused', 'k', 500]);
    expect(answerIn(frame)).toEqual({ key: 'k', won: false, code: 'BUSY' });
    expect([textIn(frame, 'pass'), numberIn(frame, 'code'), numberIn(frame, 'none')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('do not mistake a text for a field', () => {
    const frame = encodeMessage({ t: 'refused', code: 'BUSY', text: '","key":"k"' });
    expect(textIn(frame, 'key')).toBeUndefined();
    expect(answerIn(frame)).toBeNull();
  });

  it('are of no kind when they are not ours', () => {
    expect(['', '[]', '{"x":1}', 'null'].map(kindOf)).toEqual(['', '', '', '']);
    expect(answerIn('{"t":"pong","now":1}')).toBeNull();
  });
});

describe('frames read with checks', () => {
  it('may be newer than this client', () => {
    const pong = { t: 'pong', now: 1 };
    expect(decodeFrame(JSON.stringify({ ...pong, more: true }))).toMatchObject({ ok: true, message: pong });
    expect(decodeFrame('{"t":"confetti"}')).toEqual({ ok: false, reason: 'not a known message' });
  });

  it.each([
    ['{"t":"pong","now":-1}', 'not of its form'],
    ['{"t":"pong"}', 'not of its form'],
    ['{"t":"__proto__"}', 'not a known message'],
    ['null', 'not a known message'],
    ['{', 'not JSON'],
    [new ArrayBuffer(2), 'not JSON'],
  ])('are left aside: %s', (frame, reason) => {
    expect(decodeFrame(frame)).toEqual({ ok: false, reason });
  });
});
