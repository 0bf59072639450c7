/** The shoppers of one generator, all admitted before anybody claims. */
import { createIdSource } from '../../../contracts/ids.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createAccessTokens } from '../../../platform/tokens/access-token.ts';
import { SKU } from '../../core/sale-data.ts';
import type { Crowd } from './notes.ts';
import { admitShopper, type Shopper, type ShopperEvents } from './shopper.ts';

export interface Admissions {
  /** A new shopper at this place of the crowd. */
  admit(at: number, events: ShopperEvents): Promise<Shopper>;
}

export function createAdmissions(crowd: Crowd): Admissions {
  const tokens = createAccessTokens({ secret: crowd.secret, clock: systemClock });
  const nextId = createIdSource(systemClock);
  return {
    async admit(at, events) {
      const { accessToken } = await tokens.issue({ userId: nextId(), kind: 'guest', role: 'shopper' });
      return admitShopper(crowd, { at, token: accessToken, sku: SKU }, events);
    },
  };
}

/** Runs `work` for 0 … count − 1, no more than `most` at once: a listener's backlog is not longer. */
export async function eachBounded(count: number, most: number, work: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const run = async (): Promise<void> => {
    while (next < count) {
      const at = next;
      next += 1;
      await work(at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, count) }, run));
}
