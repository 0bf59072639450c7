// Made from lua/stock/rebuild-transfers.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** put back the journal of a region that is being rebuilt, and move its unplaced units accordingly. */
export const stockRebuildTransfersScript = {
  name: 'stock/rebuild-transfers',
  sha: '24580258497e33245d1345beb5644b0849d50a61',
  source: `local terms, stock, journal = KEYS[1], KEYS[2], KEYS[3]
local rebuildId = ARGV[1]
local FIRST_ROW, ROW_WIDTH = 2, 5
local closed
if redis.call('EXISTS', terms) == 1 then closed = 'LIVE'
elseif redis.call('HGET', stock, 'rebuild') ~= rebuildId then closed = 'SUPERSEDED' end
local function restore(transferId, direction, sku, units, region)
  if closed then return { closed } end
  if redis.call('HEXISTS', journal, transferId) == 1 then return { 'REPLAYED' } end
  local unplaced = tonumber(redis.call('HGET', stock, sku .. ':unplaced') or '0')
  local change = direction == 'in' and units or -units
  if unplaced + change < 0 then return { 'SHORT', unplaced } end
  local content = (direction == 'in' and 'in|' or 'out|done|') .. table.concat({ sku, units, region }, '|')
  redis.call('HSET', journal, transferId, string.sub(transferId, 1, 4) == 'sum|' and units or content)
  redis.call('HINCRBY', stock, sku .. ':' .. direction, units)
  redis.call('HINCRBY', stock, sku .. ':unplaced', change)
  for _, count in ipairs({ 'allocated', 'in', 'out', 'available', 'held', 'sold' }) do
    redis.call('HSETNX', stock, sku .. ':' .. count, 0)
  end
  return { 'RESTORED' }
end
local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local transferId, direction, sku, units = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  local region = ARGV[at + 4]
  answers[#answers + 1] = restore(transferId, direction, sku, units, region)
end
return answers`,
} as const;

export interface StockRebuildTransfersKeys {
  readonly terms: string;
  readonly stock: string;
  readonly journal: string;
}

export interface StockRebuildTransfersArgs {
  readonly rebuildId: string;
}

export interface StockRebuildTransfersRow {
  readonly transferId: string;
  readonly direction: string;
  readonly sku: string;
  readonly units: number;
  readonly region: string;
}

export type StockRebuildTransfersReply =
  | { readonly reply: 'RESTORED' }
  | { readonly reply: 'REPLAYED' }
  | { readonly reply: 'LIVE' }
  | { readonly reply: 'SUPERSEDED' }
  | { readonly reply: 'SHORT'; readonly unplaced: number };

const shapes: ReplyShapes<StockRebuildTransfersReply> = {
  RESTORED: () => ({ reply: 'RESTORED' }),
  REPLAYED: () => ({ reply: 'REPLAYED' }),
  LIVE: () => ({ reply: 'LIVE' }),
  SUPERSEDED: () => ({ reply: 'SUPERSEDED' }),
  SHORT: (read) => ({ reply: 'SHORT', unplaced: read.int(1) }),
};

export async function stockRebuildTransfers(
  runner: ScriptRunner,
  keys: StockRebuildTransfersKeys,
  args: StockRebuildTransfersArgs,
  rows: readonly StockRebuildTransfersRow[],
): Promise<StockRebuildTransfersReply[]> {
  const argv: (string | number)[] = [args.rebuildId];
  for (const row of rows) argv.push(row.transferId, row.direction, row.sku, row.units, row.region);
  const raw = await runner.run(stockRebuildTransfersScript, [keys.terms, keys.stock, keys.journal], argv);
  return decodeReplies(stockRebuildTransfersScript.name, raw, shapes, rows.length);
}
