import { describe, expect, it } from 'vitest';
import { comeBack } from './generator/come-back.ts';
import type { Waiter } from './generator/waiter.ts';
import { returnsOf } from './returns.ts';

function waiterThat(come: (port: number) => Promise<number>): Waiter {
  return { port: 0, come, cut: () => undefined };
}

describe('those who come back', () => {
  it('try again at the next edge, and are asked whether it is still their place', async () => {
    const tried: number[] = [];
    const shy = waiterThat(async (port) => {
      tried.push(port);
      if (port === 1) throw new Error('full');
      return 7;
    });
    const other = waiterThat(async () => 9);
    const shoppers = [
      { waiter: shy, place: 7 },
      { waiter: other, place: 8 },
    ];
    const back = await comeBack({ shoppers, ports: [1, 2] });
    expect(tried).toEqual([1, 2]);
    expect(back).toMatchObject({ placesKept: 1, placesLost: 1, missing: 0, retries: 1 });
    expect(back.backAtMs).toHaveLength(2);
  });

  it('count from the moment when each generator cut them', () => {
    const none = { placesLost: 0, missing: 0, retries: 0 };
    const returns = returnsOf([
      { ...none, backAtMs: [1_010, 1_020], placesKept: 2, fromMs: 1_000 },
      { ...none, backAtMs: [2_500], placesKept: 1, fromMs: 2_000, missing: 2 },
    ]);
    expect(returns).toMatchObject({ sockets: 5, p50Ms: 20, p99Ms: 500, maxMs: 500, placesKept: 3, missing: 2 });
  });
});
