// Made from lua/stock/expire.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** end the holds whose time is over, a bounded number of them, the longest overdue first. */
export const stockExpireScript = {
  name: 'stock/expire',
  sha: '1ddc5115a7b4dc8a605f9e8e0402b81a54fd3cb0',
  source: `local function parseHold(record)
  local state, sku, quantity, shopperId, untilMs = string.match(record, '^([^|]+)|([^|]+)|(%d+)|([^|]+)|(%d+)$')
  return state, sku, tonumber(quantity), shopperId, untilMs
end
local function append(list, first, second)
  list[#list + 1] = first
  list[#list + 1] = second
end
local function releaseHolds(stock, holds, due, taken, outbox, claimIds, reason)
  local before = {}
  if #claimIds == 0 then return before end
  local records = redis.call('HMGET', holds, unpack(claimIds))
  local shoppers, released, ended, units = {}, {}, {}, {}
  for i, claimId in ipairs(claimIds) do
    if records[i] then
      local state, sku, quantity, shopperId, untilMs = parseHold(records[i])
      if ended[claimId] then state = reason end
      before[i] = state
      if state == 'held' then
        ended[claimId] = table.concat({ reason, sku, quantity, shopperId, untilMs }, '|')
        units[sku] = (units[sku] or 0) + quantity
        shoppers[shopperId] = (shoppers[shopperId] or 0) + quantity
        append(released, 'released', table.concat({ claimId, sku, quantity, shopperId, reason }, '|'))
      end
    end
  end
  if #released == 0 then return before end
  local newRecords, gone = {}, {}
  for claimId, record in pairs(ended) do
    append(newRecords, claimId, record)
    gone[#gone + 1] = claimId
  end
  redis.call('HSET', holds, unpack(newRecords))
  redis.call('ZREM', due, unpack(gone))
  for sku, count in pairs(units) do
    redis.call('HINCRBY', stock, sku .. ':held', -count)
    redis.call('HINCRBY', stock, sku .. ':available', count)
  end
  for shopperId, count in pairs(shoppers) do
    if redis.call('HINCRBY', taken, shopperId, -count) <= 0 then redis.call('HDEL', taken, shopperId) end
  end
  redis.call('XADD', outbox, '*', unpack(released))
  return before
end
local stock, holds, due, taken, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local nowMs, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local overdue = redis.call('ZRANGEBYSCORE', due, '-inf', nowMs, 'WITHSCORES', 'LIMIT', 0, most)
if #overdue == 0 then return { 'NONE' } end
local claimIds = {}
for i = 1, #overdue, 2 do claimIds[#claimIds + 1] = overdue[i] end
releaseHolds(stock, holds, due, taken, outbox, claimIds, 'expired')
return { 'EXPIRED', #claimIds, tonumber(overdue[2]) }`,
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
