// Made from lua/stock/allocate.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** give units to a (drop, region), once for each allocation id. */
export const stockAllocateScript = {
  name: 'stock/allocate',
  sha: '64e65f05c730617511b31a60323171ff40534fa0',
  source: `local stock = KEYS[1]
local allocationId = ARGV[1]
local FIRST_ROW, ROW_WIDTH = 2, 2
if redis.call('HSETNX', stock, 'allocation:' .. allocationId, 1) == 0 then return { 'REPLAYED' } end
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local sku, units = ARGV[at], tonumber(ARGV[at + 1])
  redis.call('HINCRBY', stock, sku .. ':allocated', units)
  redis.call('HINCRBY', stock, sku .. ':available', units)
  for _, count in ipairs({ 'in', 'out', 'held', 'sold' }) do
    redis.call('HSETNX', stock, sku .. ':' .. count, 0)
  end
end
return { 'ALLOCATED' }`,
} as const;

export interface StockAllocateKeys {
  readonly stock: string;
}

export interface StockAllocateArgs {
  readonly allocationId: string;
}

export interface StockAllocateRow {
  readonly sku: string;
  readonly units: number;
}

export type StockAllocateReply = { readonly reply: 'ALLOCATED' } | { readonly reply: 'REPLAYED' };

const shapes: ReplyShapes<StockAllocateReply> = {
  ALLOCATED: () => ({ reply: 'ALLOCATED' }),
  REPLAYED: () => ({ reply: 'REPLAYED' }),
};

export async function stockAllocate(
  runner: ScriptRunner,
  keys: StockAllocateKeys,
  args: StockAllocateArgs,
  rows: readonly StockAllocateRow[],
): Promise<StockAllocateReply> {
  const argv: (string | number)[] = [args.allocationId];
  for (const row of rows) argv.push(row.sku, row.units);
  const raw = await runner.run(stockAllocateScript, [keys.stock], argv);
  return decodeReply(stockAllocateScript.name, raw, shapes);
}
