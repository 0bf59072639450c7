// Made from lua/stock/transfer-settle.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** let the transfers to one region go that have arrived there. What they moved stays known as a sum, */
export const stockTransferSettleScript = {
  name: 'stock/transfer-settle',
  sha: 'a8d3e1fb12faf57a10d8d07491b708eb48f007d7',
  source: `local journal = KEYS[1]
local toRegion, upToId = ARGV[1], ARGV[2]
local flat = redis.call('HGETALL', journal)
local done, sums = {}, {}
for at = 1, #flat, 2 do
  local transferId, entry = flat[at], flat[at + 1]
  local state, sku, units, region = string.match(entry, '^out|([^|]+)|([^|]+)|(%d+)|([^|]+)$')
  if region == toRegion and transferId <= upToId then
    if state == 'open' then return { 'OPEN' } end
    done[#done + 1] = transferId
    sums[sku] = (sums[sku] or 0) + tonumber(units)
  end
end
for sku, units in pairs(sums) do redis.call('HINCRBY', journal, 'sum|out|' .. toRegion .. '|' .. sku, units) end
for _, transferId in ipairs(done) do redis.call('HDEL', journal, transferId) end
local mark = 'mark|out|' .. toRegion
if (redis.call('HGET', journal, mark) or '') < upToId then redis.call('HSET', journal, mark, upToId) end
return { 'SETTLED', #done }`,
} as const;

export interface StockTransferSettleKeys {
  readonly journal: string;
}

export interface StockTransferSettleArgs {
  readonly toRegion: string;
  readonly upToId: string;
}

export type StockTransferSettleReply =
  | { readonly reply: 'SETTLED'; readonly transfers: number }
  | { readonly reply: 'OPEN' };

const shapes: ReplyShapes<StockTransferSettleReply> = {
  SETTLED: (read) => ({ reply: 'SETTLED', transfers: read.int(1) }),
  OPEN: () => ({ reply: 'OPEN' }),
};

export async function stockTransferSettle(
  runner: ScriptRunner,
  keys: StockTransferSettleKeys,
  args: StockTransferSettleArgs,
): Promise<StockTransferSettleReply> {
  const argv: (string | number)[] = [args.toRegion, args.upToId];
  const raw = await runner.run(stockTransferSettleScript, [keys.journal], argv);
  return decodeReply(stockTransferSettleScript.name, raw, shapes);
}
