import type { Pool } from 'pg';
import { commitOf } from '../../contracts/draw/algorithm.ts';
import type { DropDefinition } from '../../contracts/drop.ts';
import { createDraw } from '../../db/queries/create-draw.ts';
import { insertDrop } from '../../db/queries/insert-drop.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import type { Keys } from '../../reservation-core/keys.ts';
import type { Shards } from '../../reservation-core/shards.ts';
import { liveDrop } from '../fixtures/drop.ts';
import { makeMerchant } from './make-merchant.ts';

/** A lottery with two lanes, committed to and published, whose draw is quick to compute. */
export async function publishLottery(options: {
  readonly core?: { readonly shards: Shards; readonly keys: Keys };
  readonly database: Pool;
  readonly seed: Uint8Array;
  readonly startsInMs: number;
  readonly iterations?: number;
}): Promise<DropDefinition> {
  const { core, database, seed, startsInMs, iterations = 1_000 } = options;
  const { merchantId, skus } = await makeMerchant(database);
  const nowMs = Date.now();
  const drop = liveDrop(nowMs, {
    skus: [{ sku: skus[0], title: 'One', price: 100, allocation: { eu: 10 } }],
    currency: 'USD',
    mode: 'lottery',
    startsAt: nowMs + startsInMs,
    lanes: [
      { name: 'main', weight: 1, tier: 'all' },
      { name: 'gold', weight: 3, tier: 'gold' },
    ],
    commit: commitOf(seed),
  });
  await insertDrop(database, { ...drop, merchantId });
  await createDraw(database, { dropId: drop.id, seed, iterations });
  if (core !== undefined) await createDrops(core).publish(drop);
  return drop;
}
