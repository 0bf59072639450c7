import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COUNTRY_PLACES } from './country-places.ts';
import { nearestFirst } from './nearest.ts';
import { type ParcelQuestion, planParcels } from './plan-parcels.ts';

const berlin = { id: 'berlin', latitude: 52.5, longitude: 13.4, country: 'DE' };
const lyon = { id: 'lyon', latitude: 45.8, longitude: 4.8, country: 'FR' };
const reno = { id: 'reno', latitude: 39.5, longitude: -119.8, country: 'US' };
const all = [reno, lyon, berlin];
const line = (number: number, sku: string, quantity: number, merchantId = 'ada') => ({
  ...{ line: number, sku, quantity, merchantId },
});
const at = (sku: string, warehouseId: string, available: number) => ({ sku, warehouseId, available });
const plan = (question: Partial<ParcelQuestion>) =>
  planParcels({ lines: [], stock: [], warehouses: all, destination: { country: 'AT' }, ...question });

describe('parcels', () => {
  it('leave from the nearest warehouse that has all of it', () => {
    const stock = [at('cup', 'reno', 9), at('cup', 'lyon', 9), at('cup', 'berlin', 9)];
    const lines = [line(1, 'cup', 2)];
    const from = (country: string) => plan({ lines, stock, destination: { country } });
    expect(from('AT')).toEqual({ ok: true, parts: [{ line: 1, sku: 'cup', warehouseId: 'berlin', quantity: 2 }] });
    expect(from('ES')).toMatchObject({ parts: [{ warehouseId: 'lyon' }] });
    expect(from('US')).toMatchObject({ parts: [{ warehouseId: 'reno' }] });
  });

  it('are rather one from afar than two of which one is near', () => {
    const stock = [at('cup', 'berlin', 9), at('pot', 'lyon', 9), at('cup', 'reno', 9), at('pot', 'reno', 9)];
    const made = plan({ lines: [line(1, 'cup', 1), line(2, 'pot', 1)], stock });
    expect(made).toMatchObject({ ok: true, parts: [{ warehouseId: 'reno' }, { warehouseId: 'reno' }] });
  });

  it('are split where no warehouse has enough, the nearest giving what it has', () => {
    const stock = [at('cup', 'berlin', 2), at('cup', 'lyon', 2), at('cup', 'reno', 2)];
    expect(plan({ lines: [line(1, 'cup', 3)], stock })).toEqual({
      ok: true,
      parts: [
        { line: 1, sku: 'cup', warehouseId: 'berlin', quantity: 2 },
        { line: 1, sku: 'cup', warehouseId: 'lyon', quantity: 1 },
      ],
    });
  });

  it('say of each sku how much there is too little of', () => {
    const stock = [at('cup', 'berlin', 1), at('cup', 'lyon', 1), at('pot', 'lyon', 5), at('cup', 'closed', 50)];
    expect(
      plan({ lines: [line(1, 'cup', 2), line(2, 'cup', 2), line(3, 'pot', 5), line(4, 'pan', 1)], stock }),
    ).toEqual({
      ok: false,
      short: [
        { sku: 'cup', asked: 4, available: 2 },
        { sku: 'pan', asked: 1, available: 0 },
      ],
    });
  });
});

describe('the nearest warehouse', () => {
  it('is one in the country itself, then by distance, then any', () => {
    const ids = (country: string) => nearestFirst(all, { country }).map(({ id }) => id);
    expect(ids('CA')).toEqual(['reno', 'berlin', 'lyon']);
    expect(ids('FR')).toEqual(['lyon', 'berlin', 'reno']);
    expect(ids('QQ')).toEqual(['berlin', 'lyon', 'reno']);
    expect(ids('toString')).toEqual(['berlin', 'lyon', 'reno']);
  });

  it('is known for every country, at a place on Earth', () => {
    expect(Object.keys(COUNTRY_PLACES).length).toBeGreaterThan(245);
    for (const [country, [latitude, longitude]] of Object.entries(COUNTRY_PLACES)) {
      expect(country).toMatch(/^[A-Z]{2}$/);
      expect(Math.abs(latitude)).toBeLessThanOrEqual(90);
      expect(Math.abs(longitude)).toBeLessThanOrEqual(180);
    }
  });
});

const skus = ['a', 'b', 'c'];
const places = ['w0', 'w1', 'w2', 'w3', 'w4'];
const warehouses = places.map((id, n) => ({ id, latitude: n * 10, longitude: n * 30, country: n === 4 ? 'DE' : 'ZZ' }));
const questions = fc
  .record({
    // Of each sku its one merchant.
    lines: fc.array(fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 6 }) }), {
      minLength: 1,
      maxLength: 5,
    }),
    stock: fc.array(fc.nat(5), { minLength: 15, maxLength: 15 }),
    country: fc.constantFrom('DE', 'BR', 'QQ'),
  })
  .map(
    ({ lines, stock, country }): ParcelQuestion => ({
      lines: lines.map(({ sku, quantity }, n) => line(n + 1, sku, quantity, sku === 'a' ? 'ada' : 'bob')),
      stock: stock.map((available, n) => at(skus[n % 3] ?? '', places[Math.floor(n / 3)] ?? '', available)),
      warehouses,
      destination: { country },
    }),
  );
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

describe('any plan', () => {
  it('sends each line whole, never more than there is, and refuses only what there is too little of', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { lines, stock } = question;
        const have = (sku: string) => sum(stock.filter((one) => one.sku === sku).map(({ available }) => available));
        const want = (sku: string) => sum(lines.filter((one) => one.sku === sku).map(({ quantity }) => quantity));
        const made = planParcels(question);
        expect(made.ok).toBe(skus.every((sku) => want(sku) <= have(sku)));
        if (!made.ok) return;
        for (const { line: number, sku, quantity } of lines) {
          const parts = made.parts.filter((part) => part.line === number);
          expect(sum(parts.map((part) => part.quantity))).toBe(quantity);
          expect(parts.every((part) => part.sku === sku && part.quantity > 0)).toBe(true);
          expect(new Set(parts.map(({ warehouseId }) => warehouseId)).size).toBe(parts.length);
        }
        for (const { sku, warehouseId, available } of stock) {
          const taken = made.parts.filter((part) => part.sku === sku && part.warehouseId === warehouseId);
          expect(sum(taken.map(({ quantity }) => quantity))).toBeLessThanOrEqual(available);
        }
      }),
    );
  });

  it('has as few parcels as any other could have', () => {
    const subsets = Array.from({ length: 2 ** places.length }, (_none, bits) =>
      places.filter((_place, n) => Math.floor(bits / 2 ** n) % 2 === 1),
    );
    fc.assert(
      fc.property(questions, (question) => {
        const made = planParcels(question);
        if (!made.ok) return;
        for (const merchantId of ['ada', 'bob']) {
          const lines = question.lines.filter((one) => one.merchantId === merchantId);
          const numbers = new Set(lines.map((one) => one.line));
          const used = new Set(made.parts.filter((part) => numbers.has(part.line)).map((part) => part.warehouseId));
          const enough = subsets.filter((subset) =>
            skus.every((sku) => {
              const want = sum(lines.filter((one) => one.sku === sku).map(({ quantity }) => quantity));
              const there = question.stock.filter((one) => one.sku === sku && subset.includes(one.warehouseId));
              return sum(there.map(({ available }) => available)) >= want;
            }),
          );
          expect(used.size).toBe(Math.min(...enough.map((subset) => subset.length)));
        }
      }),
    );
  });

  it('is found soon, and whole, where a hundred warehouses have one unit each', () => {
    const many = Array.from({ length: 100 }, (_none, n) => ({ ...berlin, id: `w${n}` }));
    const stock = many.flatMap(({ id }, n) => [at('cup', id, 1), at('pot', id, n % 2)]);
    const made = planParcels({
      lines: [line(1, 'cup', 60), line(2, 'pot', 50)],
      ...{ stock, warehouses: many, destination: { country: 'DE' } },
    });
    if (!made.ok) throw new Error('there is enough of it');
    expect(new Set(made.parts.map(({ warehouseId }) => warehouseId)).size).toBe(60);
  });
});
