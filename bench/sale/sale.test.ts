import { describe, expect, it } from 'vitest';
import { createRandom } from '../line/eta/random.ts';
import { judgeSoldOut } from './audit/honest-sold-out.ts';
import { SESSIONS, STEPS_PER_SESSION, stepsOf } from './shopping/mix.ts';
import { createShopping } from './shopping/session.ts';
import { defaultStormSeconds, sizeOf } from './size.ts';
import { milestonesOf } from './stock-watch.ts';

describe('the size of a storm', () => {
  it('is 50 times the calm and a little more, for 60 seconds, or 15', () => {
    const whole = sizeOf({ seconds: defaultStormSeconds(false), quick: false });
    expect([whole.stormSeconds, defaultStormSeconds(true)]).toEqual([60, 15]);
    // No lobby, draw, sale and return fit into less.
    expect(sizeOf({ seconds: 1, quick: true }).stormSeconds).toBe(10);
    expect(whole.stormShoppers / whole.stormSeconds / whole.calmPerSecond).toBeGreaterThan(51);
    expect(sizeOf({ seconds: 30, quick: true }).stormSeconds).toBe(30);
  });

  it('leaves time for lobby, draw, sale and returns, and fewer units than shoppers', () => {
    const { lobbySeconds, stormSeconds, units, stormShoppers, holdSeconds } = sizeOf({ seconds: 60, quick: false });
    expect(lobbySeconds + holdSeconds).toBeLessThan(stormSeconds / 2);
    expect(units).toBeLessThan(stormShoppers / 10);
    const few = sizeOf({ seconds: 20, quick: true, sockets: 1_000 });
    expect([few.stormShoppers, few.units]).toEqual([1_000, 60]);
  });
});

describe('SOLD_OUT', () => {
  const sample = (atMs: number, first: number, second = 0) => ({ atMs, available: [first, second] });
  const told = (atMs: number) => [{ region: 'us-east', fromMs: atMs - 100, untilMs: atMs, count: 3 }];

  it('is a lie only where something was left in every look before it', () => {
    const left = Array.from({ length: 60 }, (_, at) => sample(at * 50, 5));
    expect(judgeSoldOut(told(2_000), left)).toEqual({ told: 3, lies: 3, unknown: 0 });
    const gone = left.map((one) => (one.atMs === 1_000 ? sample(1_000, 0, 9) : one));
    expect(judgeSoldOut(told(2_000), gone)).toEqual({ told: 3, lies: 0, unknown: 0 });
    expect(judgeSoldOut(told(9_000), left)).toEqual({ told: 3, lies: 0, unknown: 3 });
  });

  it('and what came back after it is known by when', () => {
    const samples = [sample(0, 9), sample(100, 9), sample(200, 0), sample(300, 1), sample(400, 0), sample(900, 2)];
    expect(milestonesOf(samples, 50, 800)).toEqual({ soldOutAtMs: 200, firstReturnAtMs: 300, returns: 1 });
    expect(milestonesOf(samples.slice(0, 2), 50, 800)).toEqual({
      ...{ soldOutAtMs: undefined, firstReturnAtMs: undefined, returns: 0 },
    });
  });
});

describe('the shopping', () => {
  it('is of all kinds by their shares', () => {
    expect(Object.values(SESSIONS).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect([stepsOf(0), stepsOf(0.999)]).toEqual([SESSIONS.looker.steps, SESSIONS.buyer.steps]);
    const random = createRandom(3);
    const steps = Array.from({ length: 10_000 }, () => stepsOf(random()).length);
    expect(steps.reduce((sum, count) => sum + count, 0) / steps.length).toBeCloseTo(STEPS_PER_SESSION, 1);
  });

  it('goes from the checkout to the order of it, and ends a visit that was refused', () => {
    let [sessions, orders] = [0, 0];
    const shopping = createShopping({
      ...{ productIds: ['p'], queries: ['q'], random: () => 0.99, nextBuyer: () => ({ token: 't', sku: 's' }) },
      onSession: () => {
        sessions += 1;
      },
      onOrder: () => {
        orders += 1;
      },
    });
    const paths = SESSIONS.buyer.steps.map(() => {
      const { shot, step } = shopping.next();
      shopping.answered(200, JSON.stringify({ id: `of-${step}` }));
      return `${shot.path} ${shot.body ?? ''}`.trim();
    });
    expect(paths.slice(-2)).toEqual(['/api/v1/orders {"checkoutId":"of-checkout"}', '/api/v1/orders/of-order']);
    shopping.next();
    shopping.answered(503, '');
    shopping.next();
    expect([sessions, orders]).toEqual([3, 1]);
  });
});
