/** Reads the ledger of a (drop, region). One command, so what is read together was true together. */
import type { Keys } from './keys.ts';
import type { Shards } from './shards.ts';

export interface StockLedger {
  readonly allocated: number;
  readonly in: number;
  readonly out: number;
  readonly available: number;
  readonly held: number;
  readonly sold: number;
}

export interface Stock {
  /** By sku; empty for a region that was given nothing. */
  ledger(dropId: string, region: string): Promise<ReadonlyMap<string, StockLedger>>;
}

const COUNTS = ['allocated', 'in', 'out', 'available', 'held', 'sold'] as const;

export function createStock(options: { shards: Shards; keys: Keys }): Stock {
  const { shards, keys } = options;
  return {
    async ledger(dropId, region) {
      const redis = shards.region(region)?.redis;
      if (redis === undefined) return new Map();
      return parseLedger(await redis.hgetall(keys.stock(dropId, region).stock));
    },
  };
}

export function parseLedger(fields: Readonly<Record<string, string>>): ReadonlyMap<string, StockLedger> {
  const skus = Object.keys(fields)
    .filter((field) => field.endsWith(':allocated'))
    .map((field) => field.slice(0, -':allocated'.length));
  return new Map(
    skus.map((sku) => {
      const [allocated = 0, moved = 0, out = 0, available = 0, held = 0, sold = 0] = COUNTS.map((count) =>
        Number(fields[`${sku}:${count}`] ?? '0'),
      );
      return [sku, { allocated, in: moved, out, available, held, sold }] as const;
    }),
  );
}

/** `allocated + in − out = available + held + sold`, all ≥ 0. */
export function isBalanced(ledger: StockLedger): boolean {
  const { allocated, in: moved, out, available, held, sold } = ledger;
  return allocated + moved - out === available + held + sold && Object.values(ledger).every((count) => count >= 0);
}
