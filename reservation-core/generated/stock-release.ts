// Made from lua/stock/release.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** end holds without a sale, for a reason: a declined payment, a cancelled order. */
export const stockReleaseScript = {
  name: 'stock/release',
  sha: 'a4035bffae18ecea050c093ed1c8aeeab04ec06e',
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
local reason = ARGV[1]
local FIRST_ROW, ROW_WIDTH = 2, 1
local claimIds = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local claimId = ARGV[at]
  claimIds[#claimIds + 1] = claimId
end
local before = releaseHolds(stock, holds, due, taken, outbox, claimIds, reason)
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
  readonly due: string;
  readonly taken: string;
  readonly outbox: string;
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
  const raw = await runner.run(stockReleaseScript, [keys.stock, keys.holds, keys.due, keys.taken, keys.outbox], argv);
  return decodeReplies(stockReleaseScript.name, raw, shapes, rows.length);
}
