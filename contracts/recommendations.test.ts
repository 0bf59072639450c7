import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeScored, encodeScored, recommendationKeys, SCORED_PRODUCT_BYTES } from './recommendations.ts';

const scored = fc.record({
  productId: fc.uuid(),
  score: fc.float({ noNaN: true }),
});

describe('the list of a model', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.array(scored, { maxLength: 50 }), (list) => {
        const bytes = encodeScored(list);
        expect(bytes).toHaveLength(list.length * SCORED_PRODUCT_BYTES);
        expect(decodeScored(bytes)).toEqual(list);
        expect(decodeScored(bytes, 3)).toEqual(list.slice(0, 3));
      }),
    );
  });

  it('has one form on every machine', () => {
    const list = [{ productId: '00112233-4455-7677-8899-aabbccddeeff', score: 1.5 }];
    expect(encodeScored(list).toString('hex')).toBe('00112233445576778899aabbccddeeff3fc00000');
  });

  it('is none where bytes are missing, and takes no id that is none', () => {
    expect(decodeScored(Buffer.alloc(SCORED_PRODUCT_BYTES + 1))).toBeUndefined();
    expect(decodeScored(Buffer.alloc(0))).toEqual([]);
    expect(() => encodeScored([{ productId: 'hat', score: 1 }])).toThrow(RangeError);
    expect(() => encodeScored([{ productId: '0011', score: 1 }])).toThrow(RangeError);
  });
});

describe('the keys', () => {
  it('share one slot of a cluster, and differ by version', () => {
    const keys = recommendationKeys('dg');
    const [user, other] = [keys.user('1', 'a'), keys.user('2', 'a')];
    const all = [
      user,
      other,
      keys.similar('1', 'a'),
      keys.together('1', 'a'),
      keys.popular('1'),
      keys.popularIn('1', 'a'),
    ];
    all.push(keys.current, keys.trending, keys.trainer, keys.session('a'), keys.settings('1'));
    expect(new Set(all).size).toBe(all.length);
    expect(all.every((key) => key.includes('{recommend}'))).toBe(true);
  });
});
