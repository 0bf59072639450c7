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

/** What is left of a (drop, region), and what has become of the rest: units of all skus, except `available`. */
export interface StockPosition {
  readonly available: ReadonlyMap<string, number>;
  readonly held: number;
  readonly sold: number;
  /** All that ever came back. */
  readonly released: number;
}

export interface Stock {
  /** By sku; empty for a region that was given nothing. */
  ledger(dropId: string, region: string): Promise<ReadonlyMap<string, StockLedger>>;
  position(dropId: string, region: string): Promise<StockPosition>;
}

const COUNTS = ['allocated', 'in', 'out', 'available', 'held', 'sold'] as const;

export function createStock(options: { shards: Shards; keys: Keys }): Stock {
  const { shards, keys } = options;
  const fieldsOf = async (dropId: string, region: string): Promise<Record<string, string>> =>
    (await shards.region(region)?.redis.hgetall(keys.stock(dropId, region).stock)) ?? {};
  return {
    ledger: async (dropId, region) => parseLedger(await fieldsOf(dropId, region)),
    async position(dropId, region) {
      const fields = await fieldsOf(dropId, region);
      const ledger = [...parseLedger(fields)];
      const units = (count: (sku: string, counts: StockLedger) => number): number =>
        ledger.reduce((sum, [sku, counts]) => sum + count(sku, counts), 0);
      return {
        available: new Map(ledger.map(([sku, { available }]) => [sku, available])),
        held: units((_, { held }) => held),
        sold: units((_, { sold }) => sold),
        released: units((sku) => Number(fields[`${sku}:released`] ?? '0')),
      };
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
