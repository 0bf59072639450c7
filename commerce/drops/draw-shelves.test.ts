import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawShelves, returnToShelves } from './draw-shelves.ts';

const shelf = (at: number, available: number) => ({ sku: 'A', warehouseId: `w${at}`, warehouse: `W ${at}`, available });
const shelves = fc
  .array(fc.nat(50), { maxLength: 6 })
  .map((units) => units.map((available, at) => shelf(at, available)));
const sum = (units: readonly number[]) => units.reduce((total, one) => total + one, 0);

describe('drawing from shelves', () => {
  it('takes exactly what is given, never more than there is, and the same whatever the order', () => {
    fc.assert(
      fc.property(shelves, fc.nat(120), (all, units) => {
        const item = { sku: 'A', allocation: { eu: units } };
        const drawn = drawShelves([item], all);
        if (units > sum(all.map(({ available }) => available))) {
          expect(drawn).toBeUndefined();
          return;
        }
        expect(sum((drawn ?? []).map((one) => one.units))).toBe(units);
        for (const { warehouseId, units: taken } of drawn ?? []) {
          expect(taken).toBeGreaterThan(0);
          expect(taken).toBeLessThanOrEqual(all.find((one) => one.warehouseId === warehouseId)?.available ?? 0);
        }
        expect(drawShelves([item], all.toReversed())).toEqual(drawn);
      }),
    );
  });

  it('takes from as few shelves as possible', () => {
    const drawn = drawShelves([{ sku: 'A', allocation: { eu: 6, asia: 3 } }], [shelf(1, 4), shelf(2, 9), shelf(3, 9)]);
    expect(drawn).toEqual([{ sku: 'A', warehouseId: 'w2', units: 9 }]);
  });
});

describe('giving back to shelves', () => {
  it('gives back exactly what is left, and no shelf more than it gave', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 6 }), fc.nat(120), (free, units) => {
        const given = free.map((left, at) => ({ warehouseId: `w${at}`, free: left }));
        const back = returnToShelves(given, units);
        if (units > sum(free)) expect(back).toBeUndefined();
        else {
          expect(sum((back ?? []).map((one) => one.free))).toBe(units);
          for (const { warehouseId, free: returned } of back ?? []) {
            expect(returned).toBeLessThanOrEqual(given.find((one) => one.warehouseId === warehouseId)?.free ?? 0);
          }
        }
      }),
    );
  });
});
