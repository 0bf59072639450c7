import type { DropDefinition } from '../../contracts/drop.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { KEYS } from './sale-data.ts';

/** Puts a drop on sale by the product's own call: each region on its Redis, and the line on that of the first. */
export async function publishDrop(drop: DropDefinition, regionUrls: ReadonlyMap<string, string>): Promise<void> {
  const [homeUrl = ''] = regionUrls.values();
  const log = createLogger({ name: 'bench', level: 'silent' });
  const shards = await connectShards({ homeUrl, regionUrls, name: 'bench', log });
  try {
    await createDrops({ shards, keys: KEYS }).publish(drop);
  } finally {
    await shards.close();
  }
}
