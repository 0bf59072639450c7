/**
 * Hears at once when units come back to where there were none. Only a hint: who misses some, while a connection is lost,
 * sees the same when the stock is read the next time.
 */
import { listenToRedis } from '../platform/connections/redis-listener.ts';
import type { Keys } from './keys.ts';
import type { Shards } from './shards.ts';

export interface StockNewsOptions {
  readonly shards: Shards;
  readonly keys: Keys;
  onReturn(dropId: string, region: string, sku: string): void;
  onError(error: unknown): void;
}

export function followStockNews({ shards, keys, onReturn, onError }: StockNewsOptions): { close(): void } {
  const regions = shards.regions.map((region) => shards.region(region)?.redis);
  const servers = new Set(regions.filter((redis) => redis !== undefined));
  const onMessage = (channel: string, sku: string): void => {
    const of = keys.newsOf(channel);
    if (of !== undefined) onReturn(of.dropId, of.region, sku);
  };
  const listeners = [...servers].map((redis) =>
    listenToRedis({ redis, pattern: keys.newsPattern, onMessage, onError }),
  );
  return {
    close() {
      for (const listener of listeners) listener.close();
    },
  };
}
