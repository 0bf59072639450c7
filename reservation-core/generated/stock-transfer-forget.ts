// Made from lua/stock/transfer-forget.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** the receiver's side of transfer-settle: what came from one region, up to the mark that is set there, */
export const stockTransferForgetScript = {
  name: 'stock/transfer-forget',
  sha: '91d74fcd7b50d4ece89d3ba27abeda5f9f5d3e56',
  source: `local journal = KEYS[1]
local fromRegion, upToId = ARGV[1], ARGV[2]
local flat = redis.call('HGETALL', journal)
local arrived, sums = {}, {}
for at = 1, #flat, 2 do
  local transferId, entry = flat[at], flat[at + 1]
  local sku, units, region = string.match(entry, '^in|([^|]+)|(%d+)|([^|]+)$')
  if region == fromRegion and transferId <= upToId then
    arrived[#arrived + 1] = transferId
    sums[sku] = (sums[sku] or 0) + tonumber(units)
  end
end
for sku, units in pairs(sums) do redis.call('HINCRBY', journal, 'sum|in|' .. fromRegion .. '|' .. sku, units) end
for _, transferId in ipairs(arrived) do redis.call('HDEL', journal, transferId) end
local mark = 'mark|in|' .. fromRegion
if (redis.call('HGET', journal, mark) or '') < upToId then redis.call('HSET', journal, mark, upToId) end
return { 'FORGOTTEN', #arrived }`,
} as const;

export interface StockTransferForgetKeys {
  readonly journal: string;
}

export interface StockTransferForgetArgs {
  readonly fromRegion: string;
  readonly upToId: string;
}

export type StockTransferForgetReply = { readonly reply: 'FORGOTTEN'; readonly transfers: number };

const shapes: ReplyShapes<StockTransferForgetReply> = {
  FORGOTTEN: (read) => ({ reply: 'FORGOTTEN', transfers: read.int(1) }),
};

export async function stockTransferForget(
  runner: ScriptRunner,
  keys: StockTransferForgetKeys,
  args: StockTransferForgetArgs,
): Promise<StockTransferForgetReply> {
  const argv: (string | number)[] = [args.fromRegion, args.upToId];
  const raw = await runner.run(stockTransferForgetScript, [keys.journal], argv);
  return decodeReply(stockTransferForgetScript.name, raw, shapes);
}
