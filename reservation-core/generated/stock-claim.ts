// Made from lua/stock/claim.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** decide a batch of claims in one atomic step. */
export const stockClaimScript = {
  name: 'stock/claim',
  sha: 'c6b569d30eab3154d163559e1664d4f84854534c',
  source: `local function phaseOf(state, lobbyOpensAt, startsAt, endsAt, nowMs)
  if not state then return 'UNKNOWN' end
  if state == 'ended' or nowMs >= tonumber(endsAt) then return 'ENDED' end
  if state == 'paused' then return 'PAUSED' end
  if nowMs >= tonumber(startsAt) then return 'LIVE' end
  if nowMs >= tonumber(lobbyOpensAt) then return 'LOBBY' end
  return 'BEFORE'
end
local function parseHold(record)
  local state, sku, quantity, shopperId, untilMs = string.match(record, '^([^|]+)|([^|]+)|(%d+)|([^|]+)|(%d+)$')
  return state, sku, tonumber(quantity), shopperId, untilMs
end
local function append(list, first, second)
  list[#list + 1] = first
  list[#list + 1] = second
end
local terms, stock, holds, due, answers, taken, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local nowMs = tonumber(ARGV[1])
local FIRST_ROW, ROW_WIDTH = 2, 7
local REFUSAL_IN_PHASE =
  { UNKNOWN = 'PAUSED', BEFORE = 'NOT_STARTED', LOBBY = 'NOT_STARTED', PAUSED = 'PAUSED', ENDED = 'ENDED' }
local term = redis.call('HMGET', terms, 'state', 'lobbyOpensAt', 'startsAt', 'endsAt', 'perShopperLimit')
local closed = REFUSAL_IN_PHASE[phaseOf(term[1], term[2], term[3], term[4], nowMs)]
local limit = tonumber(term[5])
local answerFields, shoppers, skuFields = {}, {}, {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  answerFields[#answerFields + 1] = ARGV[at + 1] .. ':' .. ARGV[at]
  shoppers[#shoppers + 1] = ARGV[at + 1]
  skuFields[#skuFields + 1] = ARGV[at + 2] .. ':available'
end
if #answerFields == 0 then return {} end
local function readAll(hash, fields)
  local values, found = redis.call('HMGET', hash, unpack(fields)), {}
  for i, field in ipairs(fields) do found[field] = values[i] end
  return found
end
local answerOf, takenBy, available =
  readAll(answers, answerFields), readAll(taken, shoppers), readAll(stock, skuFields)
local newAnswers, newHolds, newDue, newTaken, heldOf = {}, {}, {}, {}, {}
local function decide(key, shopperId, sku, quantity, claimId, holdUntilMs, event)
  local field, content = shopperId .. ':' .. key, sku .. '|' .. quantity .. '|'
  local first = answerOf[field]
  if first then
    if string.sub(first, 1, #content) ~= content then return { 'KEY_REUSED' } end
    local firstClaim, firstUntil = string.match(first, '|([^|]+)|(%d+)$')
    return { 'REPLAYED', firstClaim, tonumber(firstUntil) }
  end
  if closed then return { closed } end
  local left = tonumber(available[sku .. ':available'])
  if not left then return { 'UNKNOWN_SKU' } end
  local units = tonumber(takenBy[shopperId] or '0') + quantity
  if units > limit then return { 'LIMIT_REACHED' } end
  if left < quantity then return { 'SOLD_OUT' } end
  available[sku .. ':available'] = left - quantity
  heldOf[sku] = (heldOf[sku] or 0) + quantity
  takenBy[shopperId], newTaken[shopperId] = units, units
  answerOf[field] = content .. claimId .. '|' .. holdUntilMs
  append(newAnswers, field, answerOf[field])
  append(newHolds, claimId, 'held|' .. content .. shopperId .. '|' .. holdUntilMs)
  append(newDue, holdUntilMs, claimId)
  redis.call('XADD', outbox, '*', 'event', event)
  return { 'WON' }
end
local decisions = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local key, shopperId, sku, quantity = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  local claimId, holdUntilMs, event = ARGV[at + 4], ARGV[at + 5], ARGV[at + 6]
  decisions[#decisions + 1] = decide(key, shopperId, sku, quantity, claimId, holdUntilMs, event)
end
if #newHolds > 0 then
  for sku, units in pairs(heldOf) do
    redis.call('HINCRBY', stock, sku .. ':available', -units)
    redis.call('HINCRBY', stock, sku .. ':held', units)
  end
  local newUnits = {}
  for shopperId, units in pairs(newTaken) do
    append(newUnits, shopperId, units)
  end
  redis.call('HSET', taken, unpack(newUnits))
  redis.call('HSET', answers, unpack(newAnswers))
  redis.call('HSET', holds, unpack(newHolds))
  redis.call('ZADD', due, unpack(newDue))
end
return decisions`,
} as const;

export interface StockClaimKeys {
  readonly terms: string;
  readonly stock: string;
  readonly holds: string;
  readonly due: string;
  readonly answers: string;
  readonly taken: string;
  readonly outbox: string;
}

export interface StockClaimArgs {
  readonly nowMs: number;
}

export interface StockClaimRow {
  readonly key: string;
  readonly shopperId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly claimId: string;
  readonly holdUntilMs: number;
  readonly event: string;
}

export type StockClaimReply =
  | { readonly reply: 'WON' }
  | { readonly reply: 'REPLAYED'; readonly claimId: string; readonly holdUntilMs: number }
  | { readonly reply: 'KEY_REUSED' }
  | { readonly reply: 'NOT_STARTED' }
  | { readonly reply: 'PAUSED' }
  | { readonly reply: 'ENDED' }
  | { readonly reply: 'UNKNOWN_SKU' }
  | { readonly reply: 'LIMIT_REACHED' }
  | { readonly reply: 'SOLD_OUT' };

const shapes: ReplyShapes<StockClaimReply> = {
  WON: () => ({ reply: 'WON' }),
  REPLAYED: (read) => ({ reply: 'REPLAYED', claimId: read.string(1), holdUntilMs: read.int(2) }),
  KEY_REUSED: () => ({ reply: 'KEY_REUSED' }),
  NOT_STARTED: () => ({ reply: 'NOT_STARTED' }),
  PAUSED: () => ({ reply: 'PAUSED' }),
  ENDED: () => ({ reply: 'ENDED' }),
  UNKNOWN_SKU: () => ({ reply: 'UNKNOWN_SKU' }),
  LIMIT_REACHED: () => ({ reply: 'LIMIT_REACHED' }),
  SOLD_OUT: () => ({ reply: 'SOLD_OUT' }),
};

export async function stockClaim(
  runner: ScriptRunner,
  keys: StockClaimKeys,
  args: StockClaimArgs,
  rows: readonly StockClaimRow[],
): Promise<StockClaimReply[]> {
  const argv: (string | number)[] = [args.nowMs];
  for (const row of rows)
    argv.push(row.key, row.shopperId, row.sku, row.quantity, row.claimId, row.holdUntilMs, row.event);
  const raw = await runner.run(
    stockClaimScript,
    [keys.terms, keys.stock, keys.holds, keys.due, keys.answers, keys.taken, keys.outbox],
    argv,
  );
  return decodeReplies(stockClaimScript.name, raw, shapes, rows.length);
}
