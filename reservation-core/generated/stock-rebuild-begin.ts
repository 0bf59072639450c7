// Made from lua/stock/rebuild-begin.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** clear what is left of a region that has lost its terms, and give it its units again. */
export const stockRebuildBeginScript = {
  name: 'stock/rebuild-begin',
  sha: '1e5160ba821d0c3653cdf3359e2b8da69de6f1f6',
  source: `local terms, stock, holds, due, answers, taken, outbox, journal =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local rebuildId = ARGV[1]
local FIRST_ROW, ROW_WIDTH = 2, 2
if redis.call('EXISTS', terms) == 1 then return { 'LIVE' } end
local entries = redis.call('XLEN', outbox)
if entries > 0 then return { 'UNRELAYED', entries } end
redis.call('UNLINK', stock, holds, due, answers, taken, journal)
redis.call('HSET', stock, 'rebuild', rebuildId, 'allocation:first', 1)
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local sku, units = ARGV[at], tonumber(ARGV[at + 1])
  redis.call('HSET', stock, sku .. ':allocated', units, sku .. ':unplaced', units)
  for _, count in ipairs({ 'in', 'out', 'available', 'held', 'sold' }) do
    redis.call('HSET', stock, sku .. ':' .. count, 0)
  end
end
return { 'BEGUN' }`,
} as const;

export interface StockRebuildBeginKeys {
  readonly terms: string;
  readonly stock: string;
  readonly holds: string;
  readonly due: string;
  readonly answers: string;
  readonly taken: string;
  readonly outbox: string;
  readonly journal: string;
}

export interface StockRebuildBeginArgs {
  readonly rebuildId: string;
}

export interface StockRebuildBeginRow {
  readonly sku: string;
  readonly units: number;
}

export type StockRebuildBeginReply =
  | { readonly reply: 'BEGUN' }
  | { readonly reply: 'LIVE' }
  | { readonly reply: 'UNRELAYED'; readonly entries: number };

const shapes: ReplyShapes<StockRebuildBeginReply> = {
  BEGUN: () => ({ reply: 'BEGUN' }),
  LIVE: () => ({ reply: 'LIVE' }),
  UNRELAYED: (read) => ({ reply: 'UNRELAYED', entries: read.int(1) }),
};

export async function stockRebuildBegin(
  runner: ScriptRunner,
  keys: StockRebuildBeginKeys,
  args: StockRebuildBeginArgs,
  rows: readonly StockRebuildBeginRow[],
): Promise<StockRebuildBeginReply> {
  const argv: (string | number)[] = [args.rebuildId];
  for (const row of rows) argv.push(row.sku, row.units);
  const raw = await runner.run(
    stockRebuildBeginScript,
    [keys.terms, keys.stock, keys.holds, keys.due, keys.answers, keys.taken, keys.outbox, keys.journal],
    argv,
  );
  return decodeReply(stockRebuildBeginScript.name, raw, shapes);
}
