/** Claims as an edge makes them: through reservation-core/claims.ts, of new shoppers, in turn over all regions. */
import { createIdSource } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createClaims, holdEndOf } from '../../reservation-core/claims.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { fold, NOTHING_TOLD, type Told } from '../core/load.ts';
import { HOLD_SECONDS, KEYS, SKU, UNIT_PRICE } from '../core/sale-data.ts';
import type { Sale } from './regions.ts';

export interface Claiming {
  /** Rejects when it did not win: there is plenty, and every shopper is new. */
  claim(at: number, claimId: string): Promise<void>;
  told(): Told;
  close(): Promise<void>;
}

export interface ClaimingAt {
  readonly redisUrl: string;
  readonly sales: readonly Sale[];
}

export async function openClaiming({ redisUrl, sales }: ClaimingAt): Promise<Claiming> {
  const regionUrls = new Map(sales.map(({ region }) => [region, redisUrl]));
  const log = createLogger({ name: 'bench', level: 'silent' });
  const shards = await connectShards({ homeUrl: redisUrl, regionUrls, name: 'bench', log });
  const claims = createClaims({ shards, keys: KEYS, clock: systemClock, onFailedCall: () => undefined });
  const nextShopper = createIdSource(systemClock);
  let [won, fingerprint] = [0, 0];
  return {
    async claim(turn, claimId) {
      const holdUntilMs = holdEndOf(systemClock.now(), HOLD_SECONDS);
      const row = {
        ...{ key: claimId, shopperId: nextShopper(), sku: SKU, quantity: 1, claimId, unitPrice: UNIT_PRICE },
        ...{ payment: '', holdUntilMs, passUntilMs: holdUntilMs },
      };
      const { dropId = '', region = '' } = sales[turn % sales.length] ?? {};
      const answer = await claims.claim(dropId, region, row);
      if (!answer.ok || answer.reply.reply !== 'WON') throw new Error('A claim that had to win did not.');
      won += 1;
      fingerprint = fold(fingerprint, claimId);
    },
    told: () => ({ ...NOTHING_TOLD, won, fingerprint }),
    close: () => shards.close(),
  };
}
