import { describe, expect, it } from 'vitest';
import { INTERVALS } from '../../contracts/limits.ts';
import type { StockPosition } from '../../reservation-core/stock.ts';
import { liveDrop } from '../../test/fixtures/drop.ts';
import { createLeftovers } from './leftovers.ts';

const SKU = 'SNEAKER-42';
const drop = liveDrop(0);

function setup() {
  const unreadable: string[] = [];
  const units = new Map<string, number | Error>([
    ['eu', 6],
    ['asia', 4],
  ]);
  let nowMs = 0;
  let whileReading: (() => void) | undefined;
  const leftovers = createLeftovers({
    stock: {
      async position(_dropId, region): Promise<StockPosition> {
        const left = units.get(region) ?? 0;
        if (left instanceof Error) throw left;
        whileReading?.();
        return { available: new Map([[SKU, left]]), held: 1, sold: 2, released: 3 };
      },
    },
    clock: { now: () => nowMs },
    onUnreadable: (region) => unreadable.push(region),
  });
  return {
    leftovers,
    units,
    unreadable,
    pass: (ms: number) => {
      nowMs += ms;
    },
    refresh: (during?: () => void) => {
      whileReading = during;
      return leftovers.refresh(drop);
    },
  };
}

describe('what is left', () => {
  it('is gone where nothing is, and everywhere where nothing is anywhere', async () => {
    const { leftovers, units, refresh } = setup();
    await refresh();
    expect([leftovers.available(), leftovers.held(), leftovers.sold(), leftovers.released()]).toEqual([10, 2, 4, 6]);
    expect(leftovers.isGone(SKU, 'eu')).toBe(false);
    units.set('eu', 0);
    await refresh();
    expect([leftovers.isGone(SKU, 'eu'), leftovers.wasGoneEverywhere(SKU)]).toEqual([true, false]);
    leftovers.noteGone(SKU, 'asia');
    expect(leftovers.wasGoneEverywhere(SKU)).toBe(true);
  });

  it('is un-known at once when something comes back, also while it is being read', async () => {
    const { leftovers, units, refresh } = setup();
    units.set('eu', 0);
    await refresh();
    leftovers.noteReturn(SKU, 'eu');
    expect(leftovers.isGone(SKU, 'eu')).toBe(false);
    // Nor is it gone everywhere: whoever is told so goes home.
    expect(leftovers.wasGoneEverywhere(SKU)).toBe(false);
    // What was read before the news came is older than they are.
    await refresh(() => leftovers.noteReturn(SKU, 'eu'));
    expect(leftovers.isGone(SKU, 'eu')).toBe(false);
    await refresh();
    expect(leftovers.isGone(SKU, 'eu')).toBe(true);
  });

  it('is nothing in a region that does not answer, and says nothing of it', async () => {
    const { leftovers, units, unreadable, refresh } = setup();
    await refresh();
    units.set('eu', new Error('gone'));
    await refresh();
    expect(leftovers.available()).toBe(4);
    expect(leftovers.isGone(SKU, 'eu')).toBe(false);
    leftovers.noteGone(SKU, 'asia');
    expect(leftovers.wasGoneEverywhere(SKU)).toBe(false);
    expect(unreadable).toEqual(['eu']);
  });
});

it('counts what was won here before the stock is read again', async () => {
  const { leftovers, units, refresh } = setup();
  leftovers.noteTaken(SKU, 'eu', 1);
  await refresh();
  leftovers.noteTaken(SKU, 'eu', 5);
  expect(leftovers.available()).toBe(5);
  leftovers.noteTaken(SKU, 'eu', 2);
  expect(leftovers.available()).toBe(4);
  // What was read may have counted them already: only the core says that nothing is left.
  expect(leftovers.isGone(SKU, 'eu')).toBe(false);
  units.set('eu', 0);
  await refresh();
  expect(leftovers.isGone(SKU, 'eu')).toBe(true);
});

it('refuses nobody by what was known long ago', async () => {
  const { leftovers, units, refresh, pass } = setup();
  units.set('eu', 0);
  await refresh();
  pass(INTERVALS.stockTrustedMs);
  expect(leftovers.isGone(SKU, 'eu')).toBe(true);
  pass(1);
  expect(leftovers.isGone(SKU, 'eu')).toBe(false);
  // Which nobody is told anew.
  expect(leftovers.wasGone(SKU, 'eu')).toBe(true);
  leftovers.noteGone(SKU, 'eu');
  expect(leftovers.isGone(SKU, 'eu')).toBe(true);
});
