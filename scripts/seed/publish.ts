/** Makes the demo drop known to the line and gives its regions their units. */
import type { ClientBase } from 'pg';
import { publishedDefinition, type StoredDrop } from '../../db/drop-rows.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards } from '../../reservation-core/shards.ts';

export interface PublishOptions {
  readonly redisUrl: string;
  readonly redisPrefix: string;
  readonly redisMode?: 'single' | 'cluster';
  readonly regionUrls: ReadonlyMap<string, string>;
  readonly log: Logger;
  hasOrders(dropId: string): Promise<boolean>;
}

export type Published = 'published' | 'there already' | 'lost';

/**
 * Publishing twice is harmless while Redis remembers. Where it has forgotten a drop that has orders, giving out the
 * whole allocation again would sell units twice: then nothing is written.
 */
export async function publishDemo(drop: StoredDrop, options: PublishOptions): Promise<Published> {
  const definition = publishedDefinition(drop);
  if (definition === undefined) throw new Error(`the drop ${drop.id} is a draft`);
  const shards = await connectShards({
    homeUrl: options.redisUrl,
    regionUrls: options.regionUrls,
    name: 'seed',
    log: options.log,
    ...(options.redisMode === undefined ? {} : { mode: options.redisMode }),
  });
  try {
    const drops = createDrops({ shards, keys: createKeys(options.redisPrefix) });
    const known = await drops.find(drop.id);
    if (known === undefined && (await options.hasOrders(drop.id))) return 'lost';
    const missing = shards.missing();
    // Publishing again would change nothing in the regions that are there; those that are not have it from before.
    if (known !== undefined && missing.length > 0) return 'there already';
    if (missing.length > 0) throw new Error(`the Redis of ${missing.join(', ')} cannot be reached`);
    return (await drops.publish(definition)).reply === 'PUBLISHED' ? 'published' : 'there already';
  } finally {
    await shards.close();
  }
}

export async function hasOrders(client: ClientBase, dropId: string): Promise<boolean> {
  const { rowCount } = await client.query('select from orders where drop_id = $1 limit 1', [dropId]);
  return rowCount === 1;
}
