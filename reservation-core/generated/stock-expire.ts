// Made from lua/stock/expire.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** end the holds whose time is over, a bounded number of them, the longest overdue first. */
export const stockExpireScript = {
  name: 'stock/expire',
  sha: 'a8c53c4f249eff62d4cbac6b77b1e0051fa1c7ca',
  source: `local function parseHold(record)
  local state, sku, quantity, shopperId, untilMs = string.match(record, '^([^|]+)|([^|]+)|(%d+)|([^|]+)|(%d+)$')
  return state, sku, tonumber(quantity), shopperId, untilMs
end
local function append(list, first, second)
  list[#list + 1] = first
  list[#list + 1] = second
end
local function returnLimits(taken, shoppers)
  local ids, less, none = {}, {}, {}
  for shopperId in pairs(shoppers) do ids[#ids + 1] = shopperId end
  local counts = redis.call('HMGET', taken, unpack(ids))
  for i, shopperId in ipairs(ids) do
    local left = tonumber(counts[i] or '0') - shoppers[shopperId]
    if left > 0 then append(less, shopperId, left) else none[#none + 1] = shopperId end
  end
  if #less > 0 then redis.call('HSET', taken, unpack(less)) end
  if #none > 0 then redis.call('HDEL', taken, unpack(none)) end
end
local function releaseHolds(stock, holds, due, taken, outbox, claimIds, reason)
  local before = {}
  if #claimIds == 0 then return before end
  local records = redis.call('HMGET', holds, unpack(claimIds))
  local shoppers, released, ended, gone, newRecords, units = {}, {}, {}, {}, {}, {}
  for i, claimId in ipairs(claimIds) do
    local record = records[i]
    if record then
      local state, sku, quantity, shopperId = parseHold(record)
      if ended[claimId] then state = reason end
      before[i] = state
      if state == 'held' then
        ended[claimId] = true
        gone[#gone + 1] = claimId
        append(newRecords, claimId, reason .. string.sub(record, #state + 1))
        units[sku] = (units[sku] or 0) + quantity
        shoppers[shopperId] = (shoppers[shopperId] or 0) + quantity
        append(released, 'released', claimId .. '|' .. sku .. '|' .. quantity .. '|' .. shopperId .. '|' .. reason)
      end
    end
  end
  if #gone == 0 then return before end
  redis.call('HSET', holds, unpack(newRecords))
  if due then redis.call('ZREM', due, unpack(gone)) end
  for sku, count in pairs(units) do
    redis.call('HINCRBY', stock, sku .. ':held', -count)
    redis.call('HINCRBY', stock, sku .. ':available', count)
    redis.call('HINCRBY', stock, sku .. ':released', count)
  end
  returnLimits(taken, shoppers)
  redis.call('XADD', outbox, '*', unpack(released))
  return before
end
local stock, holds, due, taken, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local nowMs, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local claimIds = redis.call('ZRANGEBYSCORE', due, '-inf', nowMs, 'LIMIT', 0, most)
if #claimIds == 0 then return { 'NONE' } end
local oldestDueMs = tonumber(redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')[2])
redis.call('ZREMRANGEBYRANK', due, 0, #claimIds - 1)
releaseHolds(stock, holds, nil, taken, outbox, claimIds, 'expired')
return { 'EXPIRED', #claimIds, oldestDueMs }`,
} as const;

export interface StockExpireKeys {
  readonly stock: string;
  readonly holds: string;
  readonly due: string;
  readonly taken: string;
  readonly outbox: string;
}

export interface StockExpireArgs {
  readonly nowMs: number;
  readonly most: number;
}

export type StockExpireReply =
  | { readonly reply: 'EXPIRED'; readonly count: number; readonly oldestDueMs: number }
  | { readonly reply: 'NONE' };

const shapes: ReplyShapes<StockExpireReply> = {
  EXPIRED: (read) => ({ reply: 'EXPIRED', count: read.int(1), oldestDueMs: read.int(2) }),
  NONE: () => ({ reply: 'NONE' }),
};

export async function stockExpire(
  runner: ScriptRunner,
  keys: StockExpireKeys,
  args: StockExpireArgs,
): Promise<StockExpireReply> {
  const argv: (string | number)[] = [args.nowMs, args.most];
  const raw = await runner.run(stockExpireScript, [keys.stock, keys.holds, keys.due, keys.taken, keys.outbox], argv);
  return decodeReply(stockExpireScript.name, raw, shapes);
}
