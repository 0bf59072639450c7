import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { type Cart, type Change, changeCart, clearCart, EMPTY_CART, lineOf } from './cart.ts';
import { convert, effectiveRate, RATE_SCALE, rateLockOf, withAcceptedRate, withRate } from './exchange.ts';
import { mergeAtLogin } from './merge.ts';
import { priceLine } from './price-line.ts';
import { acceptedLock, effectivePrice, renewedLock } from './price-lock.ts';

const price = { minor: 1_000, currency: 'EUR' };
const nowMs = 1_000_000;
const sku = fc.constantFrom('A', 'B', 'C');
const stamp = { atMs: fc.integer({ min: 1, max: 30 }), device: fc.constantFrom('x', 'y', 'z') };
const setOrRemove: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ ...stamp, sku, nowMs: fc.constant(nowMs), kind: fc.constant('remove' as const) }),
  fc.record({
    ...{ ...stamp, sku, nowMs: fc.constant(nowMs), kind: fc.constant('set' as const), price: fc.constant(price) },
    quantity: fc.integer({ min: 1, max: 99 }),
  }),
);
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  setOrRemove,
  fc.record({ ...stamp, sku, nowMs: fc.constant(nowMs), kind: fc.constant('save' as const), saved: fc.boolean() }),
  fc.record({
    ...{ ...stamp, sku, nowMs: fc.constant(nowMs), kind: fc.constant('add' as const), price: fc.constant(price) },
    quantity: fc.integer({ min: 1, max: 99 }),
  }),
);

function play(changes: readonly Change[], from: Cart = EMPTY_CART): Cart {
  return changes.reduce((cart, change) => {
    const changed = changeCart(cart, change);
    return changed.ok ? changed.cart : cart;
  }, from);
}

const quantities = (cart: Cart) => Object.fromEntries(cart.lines.map((line) => [line.sku, line.quantity]).sort());
const keyOf = (change: Change) => `${change.sku}/${change.atMs}/${change.device}`;

describe('a cart', () => {
  it('is the same on every device, in whichever order the changes of devices arrive', () => {
    const changes = fc.uniqueArray(setOrRemove, { selector: keyOf, maxLength: 20 });
    fc.assert(
      fc.property(
        changes.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([one, other]) => {
          expect(quantities(play(other))).toEqual(quantities(play(one)));
        },
      ),
    );
  });

  it('never has an item twice, more units than allowed, or a line beside its tombstone', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 60 }), (changes) => {
        const cart = play(changes);
        expect(new Set(cart.lines.map((line) => line.sku)).size).toBe(cart.lines.length);
        for (const line of cart.lines) {
          expect(line.quantity).toBeGreaterThan(0);
          expect(line.quantity).toBeLessThanOrEqual(LIMITS.cartUnitsPerLine);
          expect(cart.removed.map((tombstone) => tombstone.sku)).not.toContain(line.sku);
        }
      }),
    );
  });

  it('keeps a removed line removed, even when its tombstone is forgotten', () => {
    let cart = play([{ kind: 'add', sku: 'OLD', quantity: 1, price, nowMs, atMs: 5, device: 'x' }]);
    cart = play([{ kind: 'remove', sku: 'OLD', nowMs, atMs: 10, device: 'x' }], cart);
    for (let at = 0; at < LIMITS.cartTombstones; at += 1) {
      cart = play([{ kind: 'remove', sku: `S${at}`, nowMs, atMs: 20 + at, device: 'x' }], cart);
    }
    expect(cart.removed).toHaveLength(LIMITS.cartTombstones);
    const late: Change = { kind: 'add', sku: 'OLD', quantity: 1, price, nowMs, atMs: 9, device: 'y' };
    expect(changeCart(cart, late)).toEqual({ ok: false, problem: 'OUTDATED' });
    expect(changeCart(cart, { ...late, atMs: 11 }).ok).toBe(true);
  });

  it('adds up what two devices add, and breaks ties by the device', () => {
    const add: Change = { kind: 'add', sku: 'A', quantity: 2, price, nowMs, atMs: 10, device: 'x' };
    expect(lineOf(play([add, { ...add, atMs: 3, device: 'y' }]), 'A')).toMatchObject({ quantity: 4, atMs: 10 });
    const set: Change = { ...add, kind: 'set' };
    expect(
      lineOf(play([add, { ...set, quantity: 7, device: 'y' }, { ...set, quantity: 8, device: 'w' }]), 'A'),
    ).toMatchObject({ quantity: 7, device: 'y' });
  });

  it('refuses what is beyond its limits', () => {
    const full = play(
      Array.from({ length: LIMITS.cartLines }, (_, at) => ({
        ...{ kind: 'add' as const, sku: `S${at}`, quantity: 1, price, nowMs, atMs: 1, device: 'x' },
      })),
    );
    const add: Change = { kind: 'add', sku: 'MORE', quantity: 1, price, nowMs, atMs: 2, device: 'x' };
    expect(changeCart(full, add)).toEqual({ ok: false, problem: 'TOO_MANY_LINES' });
    expect(changeCart(full, { ...add, sku: 'S1', quantity: 99 })).toEqual({ ok: false, problem: 'TOO_MANY_UNITS' });
    expect(changeCart(EMPTY_CART, { ...add, quantity: 100 })).toEqual({ ok: false, problem: 'TOO_MANY_UNITS' });
    expect(changeCart(EMPTY_CART, { kind: 'save', sku: 'A', saved: true, nowMs, atMs: 1, device: 'x' }).ok).toBe(false);
  });

  it('is empty after it was cleared, but for what came later', () => {
    const add: Change = { kind: 'add', sku: 'A', quantity: 1, price, nowMs, atMs: 10, device: 'x' };
    const cart = clearCart(play([add, { ...add, sku: 'B', atMs: 30 }]), { atMs: 20, device: 'x' });
    expect(quantities(cart)).toEqual({ B: 1 });
    expect(changeCart(cart, { ...add, atMs: 15 })).toEqual({ ok: false, problem: 'OUTDATED' });
  });
});

describe('merging at login', () => {
  const carts = fc.array(anyChange, { maxLength: 20 }).map((changes) => play(changes));

  it('takes the larger quantity, keeps what is removed removed, and is the same when done twice', () => {
    fc.assert(
      fc.property(carts, carts, (account, guest) => {
        const { cart, dropped } = mergeAtLogin(account, guest);
        expect(dropped).toEqual([]);
        for (const line of cart.lines) {
          const [own, other] = [lineOf(account, line.sku)?.quantity ?? 0, lineOf(guest, line.sku)?.quantity ?? 0];
          expect(line.quantity).toBe(Math.max(own, other));
        }
        for (const { sku: had } of account.lines) expect(lineOf(cart, had)).toBeDefined();
        expect(mergeAtLogin(cart, guest).cart).toEqual(cart);
      }),
    );
  });

  it('says what found no room', () => {
    const lines = (from: number, count: number) =>
      play(
        Array.from({ length: count }, (_, at) => ({
          ...{ kind: 'add' as const, sku: `S${from + at}`, quantity: 1, price, nowMs, atMs: 1, device: 'x' },
        })),
      );
    const { cart, dropped } = mergeAtLogin(lines(0, LIMITS.cartLines - 1), lines(1_000, 2));
    expect(cart.lines).toHaveLength(LIMITS.cartLines);
    expect(dropped).toEqual(['S1001']);
  });
});

describe('a price', () => {
  const lock = acceptedLock(price, nowMs);
  const later = nowMs + LIFETIMES.cartPriceLockMs;

  it('that rose is what was shown while it is locked, and needs a yes after', () => {
    const risen = { minor: 1_200, currency: 'EUR' };
    expect(effectivePrice(lock, risen, later - 1)).toMatchObject({ minor: 1_000, changedFrom: null });
    expect(effectivePrice(lock, risen, later)).toEqual({
      ...risen,
      changedFrom: price,
      lockedUntilMs: null,
    });
    // Changing the quantity is no yes.
    expect(renewedLock(lock, risen, later)).toBe(lock);
    expect(effectivePrice(acceptedLock(risen, later), risen, later).changedFrom).toBeNull();
  });

  it('that fell is given at once', () => {
    expect(effectivePrice(lock, { minor: 900, currency: 'EUR' }, nowMs)).toMatchObject({
      minor: 900,
      changedFrom: null,
    });
  });

  it('is never more than what was shown without saying so, and a lock is never made longer', () => {
    const minor = fc.nat(10_000);
    fc.assert(
      fc.property(minor, minor, fc.nat(2 * LIFETIMES.cartPriceLockMs), (shown, current, passedMs) => {
        const held = acceptedLock({ minor: shown, currency: 'EUR' }, 0);
        const now = { minor: current, currency: 'EUR' };
        const effective = effectivePrice(held, now, passedMs);
        expect(effective.minor <= shown || effective.changedFrom !== null).toBe(true);
        if (passedMs < held.untilMs) expect(renewedLock(held, now, passedMs)).toBe(held);
      }),
    );
  });
});

describe('an exchange rate', () => {
  it('knows the decimals of currencies', () => {
    expect(convert(1_000, { from: 'EUR', to: 'JPY', rate: 160 * RATE_SCALE })).toBe(1_600);
    expect(convert(1_600, { from: 'JPY', to: 'EUR', rate: RATE_SCALE / 160 })).toBe(1_000);
    expect(convert(1_001, { from: 'EUR', to: 'USD', rate: 1_100_000_000 })).toBe(1_101);
  });

  it('that was used holds for a while; a dearer one then needs a yes', () => {
    const pair = { from: 'EUR', to: 'USD' };
    const [old, dearer, cheaper] = [1_100_000_000, 1_200_000_000, 1_000_000_000];
    const cart = withRate(EMPTY_CART, pair, old, nowMs);
    const later = nowMs + LIFETIMES.cartPriceLockMs;
    const rateAt = (today: number | undefined, atMs: number) =>
      effectiveRate(rateLockOf(cart, 'EUR', 'USD'), today, atMs);
    expect(rateAt(dearer, later - 1)).toMatchObject({ rate: old, changedFrom: null });
    expect(rateAt(dearer, later)).toMatchObject({ rate: dearer, changedFrom: old });
    expect(rateAt(cheaper, nowMs)).toMatchObject({ rate: cheaper, changedFrom: null });
    expect(rateAt(undefined, later)).toBeUndefined();
    expect(withRate(cart, pair, dearer, later)).toBe(cart);
    expect(rateLockOf(withAcceptedRate(cart, pair, dearer, later), 'EUR', 'USD')?.rate).toBe(dearer);
    expect(effectiveRate(undefined, undefined, nowMs)).toBeUndefined();
  });

  it('and a price together are one figure to agree to', () => {
    const pair = { from: 'EUR', to: 'USD' };
    const add: Change = { kind: 'add', sku: 'A', quantity: 1, price, nowMs, atMs: 10, device: 'x' };
    const cart = withRate(play([add]), pair, RATE_SCALE, nowMs);
    const line = lineOf(cart, 'A');
    if (line === undefined) throw new Error('it is there');
    const at = (todayMinor: number, rate: number | undefined, atMs: number, currency = 'EUR') =>
      priceLine(
        line,
        { minor: todayMinor, currency },
        {
          ...{ cart, currency: 'USD', nowMs: atMs },
          rates: new Map(rate === undefined ? [] : [['EUR', rate]]),
        },
      );
    const later = nowMs + LIFETIMES.cartPriceLockMs;
    expect(at(2_000, 2 * RATE_SCALE, nowMs)).toEqual({ unitMinor: 1_000, changedFrom: null, lockedUntilMs: later });
    expect(at(2_000, 2 * RATE_SCALE, later)).toEqual({
      unitMinor: 4_000,
      changedFrom: { minor: 1_000 },
      lockedUntilMs: null,
    });
    expect(at(500, 2 * RATE_SCALE, later)).toMatchObject({ unitMinor: 1_000, changedFrom: null });
    expect(at(1_000, undefined, later)).toBeUndefined();
    expect(at(700, undefined, later, 'USD')).toMatchObject({ unitMinor: 700, changedFrom: { minor: null } });
  });
});
