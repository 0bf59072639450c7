/** Many shoppers at once through the product's own claim: reservation-core/claims.ts. */

import { systemClock } from '../../../platform/clock.ts';
import { createLogger } from '../../../platform/logging/logger.ts';
import { createClaims, holdEndOf } from '../../../reservation-core/claims.ts';
import { connectShards, type Shards } from '../../../reservation-core/shards.ts';
import { doctorShards } from '../doctored.ts';
import type { Load } from '../load.ts';
import { createClaimSource, HOLD_SECONDS, KEYS, SKU, UNIT_PRICE } from '../sale-data.ts';
import type { DriverUnderWay } from './driver.ts';
import type { Tally } from './tally.ts';

export async function driveOurs(load: Load, tally: Tally): Promise<DriverUnderWay> {
  const shards = await connect(load);
  const claims = createClaims({
    shards: load.doctored ? doctorShards(shards) : shards,
    keys: KEYS,
    clock: systemClock,
    maxBatch: load.batch,
    onFailedCall: () => tally.failedCall(),
  });
  const regions = load.regions.map(({ name }) => ({ name, nextClaim: createClaimSource() }));

  async function shop(at: number, goesOn: () => boolean): Promise<void> {
    const region = regions[at % regions.length];
    if (region === undefined) return;
    while (goesOn()) {
      const { claimId, shopperId, holdUntilMs } = region.nextClaim();
      const from = performance.now();
      const times = { holdUntilMs: holdEndOf(systemClock.now(), HOLD_SECONDS), passUntilMs: holdUntilMs };
      const row = {
        key: claimId,
        shopperId,
        sku: SKU,
        quantity: 1,
        claimId,
        unitPrice: UNIT_PRICE,
        payment: '',
        ...times,
      };
      const answer = await claims.claim(load.dropId, region.name, row);
      tally.took(performance.now() - from, 1);
      const name = answer.ok ? answer.reply.reply : answer.code;
      if (name === 'WON') tally.won(claimId);
      else tally.refused(name);
    }
  }

  return {
    run: async (goesOn) => {
      await Promise.all(Array.from({ length: load.shoppers }, (_, at) => shop(at, goesOn)));
    },
    close: () => shards.close(),
  };
}

async function connect({ regions }: Load): Promise<Shards> {
  const regionUrls = new Map(regions.map(({ name, url }) => [name, url]));
  const homeUrl = regions[0]?.url ?? '';
  return connectShards({ homeUrl, regionUrls, name: 'bench', log: createLogger({ name: 'bench', level: 'silent' }) });
}
