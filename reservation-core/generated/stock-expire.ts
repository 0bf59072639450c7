// Made from lua/stock/expire.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** end the holds whose time is over, a bounded number of them, the longest overdue first. */
export const stockExpireScript = {
  name: 'stock/expire',
  sha: '3623c3d3a7b7641d5ff1257c025a28e2967b48b9',
  source: `local function parseHold(record)
  local state, sku, quantity, shopperId, untilMs = string.match(record, '^([^|]+)|([^|]+)|(%d+)|([^|]+)|(%d+)$')
  return state, sku, tonumber(quantity), shopperId, untilMs
end
local function append(list, first, second)
  list[#list + 1] = first
  list[#list + 1] = second
end
local NOTHING_TAKEN = '0||'
local function parseTaken(record)
  local units, void, first = string.match(record, '^(%d+)|(%d*)|(.*)$')
  return tonumber(units), void ~= '' and void or nil, first
end
local function formatTaken(units, void, first)
  return string.format('%d|%s|%s', units, void or '', first)
end
local function firstAnswerTo(key, first)
  if string.sub(first, 1, #key + 1) == key .. '|' then return string.sub(first, #key + 2) end
end
local function returnLimits(taken, shoppers)
  local ids, changed = {}, {}
  for shopperId in pairs(shoppers) do ids[#ids + 1] = shopperId end
  local records = redis.call('HMGET', taken, unpack(ids))
  for i, shopperId in ipairs(ids) do
    local units, void, first = parseTaken(records[i] or NOTHING_TAKEN)
    append(changed, shopperId, formatTaken(math.max(0, units - shoppers[shopperId]), void, first))
  end
  redis.call('HSET', taken, unpack(changed))
end
local function releaseHolds(stock, holds, taken, outbox, news, claimIds, reason, endedByMs)
  local before = {}
  if #claimIds == 0 then return before end
  local records = redis.call('HMGET', holds, unpack(claimIds))
  local shoppers, released, ended, newRecords, units = {}, {}, {}, {}, {}
  for i, claimId in ipairs(claimIds) do
    local record = records[i]
    if record then
      local state, sku, quantity, shopperId, untilMs = parseHold(record)
      if ended[claimId] then state = reason end
      if state == 'held' and endedByMs and tonumber(untilMs) > endedByMs then state = 'lasting' end
      before[i] = state
      if state == 'held' then
        ended[claimId] = true
        append(newRecords, claimId, reason .. string.sub(record, #state + 1))
        units[sku] = (units[sku] or 0) + quantity
        shoppers[shopperId] = (shoppers[shopperId] or 0) + quantity
        append(released, 'released', claimId .. '|' .. sku .. '|' .. quantity .. '|' .. shopperId .. '|' .. reason)
      end
    end
  end
  if next(ended) == nil then return before end
  redis.call('HSET', holds, unpack(newRecords))
  for sku, count in pairs(units) do
    redis.call('HINCRBY', stock, sku .. ':held', -count)
    local available = redis.call('HINCRBY', stock, sku .. ':available', count)
    if available == count then redis.call('PUBLISH', news, sku) end
    redis.call('HINCRBY', stock, sku .. ':released', count)
  end
  returnLimits(taken, shoppers)
  redis.call('XADD', outbox, '*', unpack(released))
  return before
end
local stock, holds, due, taken, outbox, news = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local nowMs, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local PAGE = 32
local claimIds, entries, page = {}, 0
repeat
  page = redis.call('ZRANGEBYSCORE', due, '-inf', nowMs, 'LIMIT', entries, PAGE)
  for _, together in ipairs(page) do
    if #claimIds >= most then break end
    entries = entries + 1
    for claimId in string.gmatch(together, '[^,]+') do claimIds[#claimIds + 1] = claimId end
  end
until #page < PAGE or #claimIds >= most
if entries == 0 then return { 'NONE' } end
local oldestDueMs = tonumber(redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')[2])
redis.call('ZREMRANGEBYRANK', due, 0, entries - 1)
local before = releaseHolds(stock, holds, taken, outbox, news, claimIds, 'expired', nowMs)
local ended = 0
for i = 1, #claimIds do
  if before[i] == 'held' then ended = ended + 1 end
end
return { 'EXPIRED', ended, oldestDueMs, #claimIds >= most and 1 or 0 }`,
} as const;

export interface StockExpireKeys {
  readonly stock: string;
  readonly holds: string;
  readonly due: string;
  readonly taken: string;
  readonly outbox: string;
  readonly news: string;
}

export interface StockExpireArgs {
  readonly nowMs: number;
  readonly most: number;
}

export type StockExpireReply =
  | { readonly reply: 'EXPIRED'; readonly count: number; readonly oldestDueMs: number; readonly more: number }
  | { readonly reply: 'NONE' };

const shapes: ReplyShapes<StockExpireReply> = {
  EXPIRED: (read) => ({ reply: 'EXPIRED', count: read.int(1), oldestDueMs: read.int(2), more: read.int(3) }),
  NONE: () => ({ reply: 'NONE' }),
};

export async function stockExpire(
  runner: ScriptRunner,
  keys: StockExpireKeys,
  args: StockExpireArgs,
): Promise<StockExpireReply> {
  const argv: (string | number)[] = [args.nowMs, args.most];
  const raw = await runner.run(
    stockExpireScript,
    [keys.stock, keys.holds, keys.due, keys.taken, keys.outbox, keys.news],
    argv,
  );
  return decodeReply(stockExpireScript.name, raw, shapes);
}
