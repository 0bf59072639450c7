import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { createCarriers } from './carriers.ts';
import { isSigned, signEvents } from './signature.ts';
import { isTrackingCode, trackingCodeOf } from './tracking-code.ts';

const secret = 'a secret of the carrier';
const nowMs = 1_790_000_000_000;
const house = createCarriers({ CARRIER_SECRET: secret }).byName('house');

describe('a tracking code', () => {
  it('follows from the shipment and shows every digit that is wrong, and two that are swapped', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat(19), fc.integer({ min: 1, max: 9 }), (id, at, more) => {
        const code = trackingCodeOf(id);
        expect(code).toBe(trackingCodeOf(id));
        expect(isTrackingCode(code)).toBe(true);
        const place = at + 2;
        const digit = (Number(code[place]) + more) % 10;
        expect(isTrackingCode(code.slice(0, place) + digit + code.slice(place + 1))).toBe(false);
        const [a = '', b = ''] = code.slice(place, place + 2);
        const swapped = `${code.slice(0, place)}${b}${a}${code.slice(place + 2)}`;
        if (b !== '' && a !== b) expect(isTrackingCode(swapped)).toBe(false);
      }),
    );
  });
});

describe('what a carrier tells', () => {
  const event = { trackingCode: 'DG12', code: 'delivered', at: nowMs - 1_000, place: 'Graz' };
  const tell = (told: unknown, at = nowMs) => {
    const body = Buffer.from(JSON.stringify(told));
    return house?.readEvents?.(body, signEvents(secret, body, at), nowMs);
  };

  it('is read when it is signed', () => {
    const { at, ...rest } = event;
    expect(tell({ events: [event] })).toEqual({ ok: true, events: [{ ...rest, atMs: at }] });
  });

  it('is refused when the signature is of another body, another secret, or too old', () => {
    const body = Buffer.from(JSON.stringify({ events: [event] }));
    expect(isSigned(secret, body, signEvents(secret, body, nowMs), nowMs)).toBe(true);
    expect(isSigned(secret, Buffer.from('{}'), signEvents(secret, body, nowMs), nowMs)).toBe(false);
    expect(isSigned(secret, body, signEvents('another secret of it', body, nowMs), nowMs)).toBe(false);
    expect(isSigned(secret, body, '', nowMs)).toBe(false);
    expect(tell({ events: [event] }, nowMs - LIMITS.carrierSkewMs - 1_000)).toMatchObject({ ok: false });
  });

  it.each([
    ['no events', { events: [] }],
    ['an unknown code', { events: [{ ...event, code: 'eaten' }] }],
    ['a time to come', { events: [{ ...event, at: nowMs + 2 * LIMITS.carrierSkewMs }] }],
    ['too many', { events: Array.from({ length: LIMITS.carrierEvents + 1 }, () => event) }],
    ['no object', 'events'],
  ])('is refused with %s', (_what, told) => {
    expect(tell(told)).toMatchObject({ ok: false });
  });

  it('is not heard where no secret is set', () => {
    expect(createCarriers({ CARRIER_SECRET: '' }).byName('house')?.readEvents).toBeUndefined();
  });

  it('is expected within the days that the shopper was shown', () => {
    expect(house?.expectedDays('standard', 'DE')).toEqual([2, 4]);
    expect(house?.expectedDays('express', 'BR')).toEqual([2, 5]);
    expect(house?.expectedDays('balloon', 'DE')).toEqual([2, 14]);
  });
});
