/**
 * How many units were refused because a region had none: what its ledger cannot show. Each process adds up its own
 * refusals and writes the sum once a second, beside the stock and not in the claim script: there, every batch that only
 * refuses would become a write, with its fsync. A sum that is lost is an estimate that is a little lower.
 */
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import type { Keys } from '../keys.ts';
import type { Shards } from '../shards.ts';

export interface Refusals {
  note(dropId: string, region: string, sku: string, units: number): void;
}

interface Sum {
  readonly dropId: string;
  readonly region: string;
  readonly sku: string;
  units: number;
}

export function createRefusals(options: { shards: Shards; keys: Keys }): Refusals {
  const { shards, keys } = options;
  const sums = new Map<string, Sum>();

  async function write({ dropId, region, sku, units }: Sum): Promise<void> {
    try {
      await shards.region(region)?.redis.hincrby(keys.stock(dropId, region).refused, sku, units);
    } catch {
      // The connection says for itself that it is lost.
    }
  }

  async function flush(): Promise<void> {
    const written = [...sums.values()];
    sums.clear();
    await Promise.all(written.map(write));
  }

  return {
    note(dropId, region, sku, units) {
      const name = `${dropId} ${region} ${sku}`;
      const sum = sums.get(name);
      if (sum !== undefined) {
        sum.units += units;
        return;
      }
      if (sums.size >= LIMITS.dropCacheEntries) return;
      if (sums.size === 0) setTimeout(flush, INTERVALS.refusalsEveryMs).unref();
      sums.set(name, { dropId, region, sku, units });
    },
  };
}

export async function readRefused(
  core: { readonly shards: Shards; readonly keys: Keys },
  dropId: string,
  region: string,
): Promise<ReadonlyMap<string, number>> {
  const fields = (await core.shards.region(region)?.redis.hgetall(core.keys.stock(dropId, region).refused)) ?? {};
  return new Map(Object.entries(fields).map(([sku, units]) => [sku, Number(units)]));
}
