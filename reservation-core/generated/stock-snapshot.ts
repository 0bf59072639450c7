// Made from lua/stock/snapshot.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** read the ledger of a (drop, region) and how much hangs on it, all of one moment. */
export const stockSnapshotScript = {
  name: 'stock/snapshot',
  sha: 'a90234fd6143b686cdbea8830e4a42c032e8094d',
  source: `local terms, stock, holds, taken, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local COUNTS = { 'allocated', 'in', 'out', 'available', 'held', 'sold' }
local values, skus = {}, {}
local flat = redis.call('HGETALL', stock)
for i = 1, #flat, 2 do
  values[flat[i]] = flat[i + 1]
  local sku = string.match(flat[i], '^(.+):allocated$')
  if sku then skus[#skus + 1] = sku end
end
table.sort(skus)
local counts = {}
for _, sku in ipairs(skus) do
  for _, count in ipairs(COUNTS) do
    counts[#counts + 1] = tonumber(values[sku .. ':' .. count] or '0')
  end
end
return {
  'SNAPSHOT',
  redis.call('HGET', terms, 'state') or '',
  redis.call('HLEN', holds),
  redis.call('HLEN', taken),
  redis.call('XLEN', outbox),
  skus,
  counts,
}`,
} as const;

export interface StockSnapshotKeys {
  readonly terms: string;
  readonly stock: string;
  readonly holds: string;
  readonly taken: string;
  readonly outbox: string;
}

export type StockSnapshotReply = {
  readonly reply: 'SNAPSHOT';
  readonly state: string;
  readonly holds: number;
  readonly shoppers: number;
  readonly outbox: number;
  readonly skus: readonly string[];
  readonly counts: readonly number[];
};

const shapes: ReplyShapes<StockSnapshotReply> = {
  SNAPSHOT: (read) => ({
    reply: 'SNAPSHOT',
    state: read.string(1),
    holds: read.int(2),
    shoppers: read.int(3),
    outbox: read.int(4),
    skus: read.strings(5),
    counts: read.ints(6),
  }),
};

export async function stockSnapshot(runner: ScriptRunner, keys: StockSnapshotKeys): Promise<StockSnapshotReply> {
  const argv: (string | number)[] = [];
  const raw = await runner.run(
    stockSnapshotScript,
    [keys.terms, keys.stock, keys.holds, keys.taken, keys.outbox],
    argv,
  );
  return decodeReply(stockSnapshotScript.name, raw, shapes);
}
