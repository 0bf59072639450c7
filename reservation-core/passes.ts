/** Passes that do not count any more although their time is not over. */
import { stockRevoke } from './generated/stock-revoke.ts';
import type { Keys } from './keys.ts';
import { requireRegion, type Shards } from './shards.ts';

export interface Passes {
  /** Every pass of this shopper that ends until then; one that is issued later, with a later end, counts. */
  revoke(dropId: string, region: string, shopperId: string, passUntilMs: number): Promise<void>;
}

export function createPasses(options: { shards: Shards; keys: Keys }): Passes {
  const { shards, keys } = options;
  return {
    async revoke(dropId, region, shopperId, passUntilMs) {
      const { scripts } = requireRegion(shards, region);
      await stockRevoke(scripts, keys.stock(dropId, region), [{ shopperId, passUntilMs }]);
    },
  };
}
