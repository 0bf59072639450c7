import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdSource, formatUuidV7, isUuidV7, timeOfId } from './ids.ts';

describe('ids', () => {
  it('holds the example of RFC 9562, appendix A.6', () => {
    const random = Uint8Array.from([0xcc, 0x03, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(formatUuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('gives back the time that went in, for every time and randomness', () => {
    const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), bytes, (timeMs, random) => {
        const id = formatUuidV7(timeMs, random);
        expect(isUuidV7(id)).toBe(true);
        expect(timeOfId(id)).toBe(timeMs);
      }),
    );
  });

  it('sorts by time', () => {
    let now = 1_700_000_000_000;
    const nextId = createIdSource({ now: () => now++ });
    const ids = Array.from({ length: 2_000 }, nextId);
    expect(ids.toSorted()).toEqual(ids);
  });

  it('does not repeat within one millisecond', () => {
    const nextId = createIdSource({ now: () => 1_700_000_000_000 });
    expect(new Set(Array.from({ length: 20_000 }, nextId)).size).toBe(20_000);
  });

  it('refuses times that do not fit and texts that are no ids', () => {
    expect(() => formatUuidV7(2 ** 48, new Uint8Array(10))).toThrow(RangeError);
    expect(() => formatUuidV7(-1, new Uint8Array(10))).toThrow(RangeError);
    expect(() => timeOfId('017f22e2-79b0-4cc3-98c4-dc0c0c07398f')).toThrow(RangeError);
    expect(isUuidV7('017F22E2-79B0-7CC3-98C4-DC0C0C07398F')).toBe(false);
  });
});
