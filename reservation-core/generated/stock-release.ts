// Made from lua/stock/release.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** end holds without a sale, for a reason: a declined payment, a cancelled order. */
export const stockReleaseScript = {
  name: 'stock/release',
  sha: 'f069745bbc1b8a056af745456955f297072518ec',
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
local stock, holds, taken, outbox, news = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local reason = ARGV[1]
local FIRST_ROW, ROW_WIDTH = 2, 1
local claimIds = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local claimId = ARGV[at]
  claimIds[#claimIds + 1] = claimId
end
local before = releaseHolds(stock, holds, taken, outbox, news, claimIds, reason)
local answers = {}
for i = 1, #claimIds do
  if not before[i] then answers[i] = { 'UNKNOWN' }
  elseif before[i] == 'held' then answers[i] = { 'RELEASED' }
  else answers[i] = { 'ALREADY', before[i] } end
end
return answers`,
} as const;

export interface StockReleaseKeys {
  readonly stock: string;
  readonly holds: string;
  readonly taken: string;
  readonly outbox: string;
  readonly news: string;
}

export interface StockReleaseArgs {
  readonly reason: string;
}

export interface StockReleaseRow {
  readonly claimId: string;
}

export type StockReleaseReply =
  | { readonly reply: 'RELEASED' }
  | { readonly reply: 'ALREADY'; readonly endedAs: string }
  | { readonly reply: 'UNKNOWN' };

const shapes: ReplyShapes<StockReleaseReply> = {
  RELEASED: () => ({ reply: 'RELEASED' }),
  ALREADY: (read) => ({ reply: 'ALREADY', endedAs: read.string(1) }),
  UNKNOWN: () => ({ reply: 'UNKNOWN' }),
};

export async function stockRelease(
  runner: ScriptRunner,
  keys: StockReleaseKeys,
  args: StockReleaseArgs,
  rows: readonly StockReleaseRow[],
): Promise<StockReleaseReply[]> {
  const argv: (string | number)[] = [args.reason];
  for (const row of rows) argv.push(row.claimId);
  const raw = await runner.run(stockReleaseScript, [keys.stock, keys.holds, keys.taken, keys.outbox, keys.news], argv);
  return decodeReplies(stockReleaseScript.name, raw, shapes, rows.length);
}
