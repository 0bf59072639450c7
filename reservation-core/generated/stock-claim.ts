// Made from lua/stock/claim.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** decide a batch of claims in one atomic step. */
export const stockClaimScript = {
  name: 'stock/claim',
  sha: 'e3cb911e297b6e0ff904f2b5e37ec6d18b01cac4',
  source: `local function phaseOf(state, lobbyOpensAt, startsAt, endsAt, nowMs)
  if not state then return 'UNKNOWN' end
  if state == 'ended' or nowMs >= tonumber(endsAt) then return 'ENDED' end
  if state == 'paused' then return 'PAUSED' end
  if nowMs >= tonumber(startsAt) then return 'LIVE' end
  if nowMs >= tonumber(lobbyOpensAt) then return 'LOBBY' end
  return 'BEFORE'
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
local terms, stock, holds, due, answers, taken, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local nowMs = tonumber(ARGV[1])
local FIRST_ROW, ROW_WIDTH = 2, 9
local redis, ARGV = redis, ARGV
local WON_THE_LAST, ALL_GONE, LIMIT_REACHED = { 'WON', 0 }, { 'SOLD_OUT', 0 }, { 'LIMIT_REACHED' }
local REFUSAL_IN_PHASE =
  { UNKNOWN = 'PAUSED', BEFORE = 'NOT_STARTED', LOBBY = 'NOT_STARTED', PAUSED = 'PAUSED', ENDED = 'ENDED' }
local term = redis.call('HMGET', terms, 'state', 'lobbyOpensAt', 'startsAt', 'endsAt', 'perShopperLimit')
local closed = REFUSAL_IN_PHASE[phaseOf(term[1], term[2], term[3], term[4], nowMs)]
local limit = tonumber(term[5])
local shoppers, available = {}, {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId, sku = ARGV[at + 1], ARGV[at + 2]
  shoppers[#shoppers + 1] = shopperId
  if available[sku] == nil then available[sku] = tonumber(redis.call('HGET', stock, sku .. ':available')) or false end
end
if #shoppers == 0 then return {} end
local takenBefore = redis.call('HMGET', taken, unpack(shoppers))
local answersBefore, answerFields = {}, {}
for row = 1, #shoppers do
  if takenBefore[row] then
    local key, shopperId = ARGV[FIRST_ROW + (row - 1) * ROW_WIDTH], shoppers[row]
    answerFields[#answerFields + 1] = shopperId .. ':' .. key
  end
end
if #answerFields > 0 then
  local found = redis.call('HMGET', answers, unpack(answerFields))
  for i, field in ipairs(answerFields) do answersBefore[field] = found[i] or nil end
end
local takenNow, answerNow, heldOf, dueNow = {}, {}, {}, {}
local newAnswers, newHolds, newTaken, events, size = {}, {}, {}, {}, 0
local function answerTo(key, shopperId, first)
  local field = shopperId .. ':' .. key
  return firstAnswerTo(key, first) or answerNow[field] or answersBefore[field]
end
local function repeated(answer, sku, asked, units)
  local content = sku .. '|' .. asked .. '|'
  if string.sub(answer, 1, #content) ~= content then return { 'KEY_REUSED' } end
  local claimId, holdUntilMs = string.match(answer, '|([^|]+)|(%d+)$')
  return { 'REPLAYED', claimId, tonumber(holdUntilMs), limit and math.max(0, limit - units) or 0 }
end
local function recordOf(shopperId, units, void, first, key, sku, asked, claimId, holdUntilMs)
  if first == '' then
    return units .. '|' .. void .. '|' .. key .. '|' .. sku .. '|' .. asked .. '|' .. claimId .. '|' .. holdUntilMs
  end
  local field, answer = shopperId .. ':' .. key, sku .. '|' .. asked .. '|' .. claimId .. '|' .. holdUntilMs
  answerNow[field] = answer
  newAnswers[#newAnswers + 1], newAnswers[#newAnswers + 2] = field, answer
  return units .. '|' .. void .. '|' .. first
end
local function decide(row, key, sku, asked, claimId, holdUntilMs, passUntilMs, unitPrice, payment)
  local shopperId = shoppers[row]
  local before, void, first = 0, nil, ''
  local stand = takenNow[shopperId] or takenBefore[row]
  if stand then
    before, void, first = parseTaken(stand)
    local answer = first ~= '' and answerTo(key, shopperId, first)
    if answer then return repeated(answer, sku, asked, before) end
  end
  if closed then return { closed } end
  local passUntil = tonumber(passUntilMs)
  if passUntil <= nowMs then return { 'PASS_EXPIRED' } end
  if void and passUntil <= tonumber(void) then return before >= limit and LIMIT_REACHED or { 'PASS_VOID' } end
  local left, quantity = available[sku], tonumber(asked)
  if not left then return { 'UNKNOWN_SKU' } end
  local units = before + quantity
  if units > limit then return LIMIT_REACHED end
  if left < quantity then return left == 0 and ALL_GONE or { 'SOLD_OUT', left } end
  available[sku] = left - quantity
  heldOf[sku] = (heldOf[sku] or 0) + quantity
  void = units == limit and passUntilMs or void or ''
  local record = recordOf(shopperId, before == 0 and asked or units, void, first, key, sku, asked, claimId, holdUntilMs)
  takenNow[shopperId] = record
  local name, value = size + 1, size + 2
  size = value
  newTaken[name], newTaken[value] = shopperId, record
  newHolds[name], newHolds[value] = claimId, 'held|' .. sku .. '|' .. asked .. '|' .. shopperId .. '|' .. holdUntilMs
  events[name] = 'won'
  events[value] = claimId .. '|' .. sku .. '|' .. asked .. '|' .. shopperId .. '|' .. key
    .. '|' .. holdUntilMs .. '|' .. unitPrice .. '|' .. payment
  local sameEnd = dueNow[holdUntilMs]
  if sameEnd then sameEnd[#sameEnd + 1] = claimId else dueNow[holdUntilMs] = { claimId } end
  return units == limit and WON_THE_LAST or { 'WON', limit - units }
end
local decisions = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local key, sku, quantity, claimId = ARGV[at], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
  local holdUntilMs, passUntilMs, unitPrice, payment = ARGV[at + 5], ARGV[at + 6], ARGV[at + 7], ARGV[at + 8]
  local row = #decisions + 1
  decisions[row] = decide(row, key, sku, quantity, claimId, holdUntilMs, passUntilMs, unitPrice, payment)
end
if size > 0 then
  for sku, units in pairs(heldOf) do
    redis.call('HINCRBY', stock, sku .. ':available', -units)
    redis.call('HINCRBY', stock, sku .. ':held', units)
  end
  redis.call('HSET', taken, unpack(newTaken))
  if #newAnswers > 0 then redis.call('HSET', answers, unpack(newAnswers)) end
  redis.call('HSET', holds, unpack(newHolds))
  for holdUntilMs, claimIds in pairs(dueNow) do
    redis.call('ZADD', due, holdUntilMs, table.concat(claimIds, ','))
  end
  redis.call('XADD', outbox, '*', unpack(events))
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
  readonly passUntilMs: number;
  readonly unitPrice: number;
  readonly payment: string;
}

export type StockClaimReply =
  | { readonly reply: 'WON'; readonly left: number }
  | { readonly reply: 'REPLAYED'; readonly claimId: string; readonly holdUntilMs: number; readonly left: number }
  | { readonly reply: 'KEY_REUSED' }
  | { readonly reply: 'NOT_STARTED' }
  | { readonly reply: 'PAUSED' }
  | { readonly reply: 'ENDED' }
  | { readonly reply: 'PASS_EXPIRED' }
  | { readonly reply: 'PASS_VOID' }
  | { readonly reply: 'UNKNOWN_SKU' }
  | { readonly reply: 'LIMIT_REACHED' }
  | { readonly reply: 'SOLD_OUT'; readonly left: number };

const shapes: ReplyShapes<StockClaimReply> = {
  WON: (read) => ({ reply: 'WON', left: read.int(1) }),
  REPLAYED: (read) => ({ reply: 'REPLAYED', claimId: read.string(1), holdUntilMs: read.int(2), left: read.int(3) }),
  KEY_REUSED: () => ({ reply: 'KEY_REUSED' }),
  NOT_STARTED: () => ({ reply: 'NOT_STARTED' }),
  PAUSED: () => ({ reply: 'PAUSED' }),
  ENDED: () => ({ reply: 'ENDED' }),
  PASS_EXPIRED: () => ({ reply: 'PASS_EXPIRED' }),
  PASS_VOID: () => ({ reply: 'PASS_VOID' }),
  UNKNOWN_SKU: () => ({ reply: 'UNKNOWN_SKU' }),
  LIMIT_REACHED: () => ({ reply: 'LIMIT_REACHED' }),
  SOLD_OUT: (read) => ({ reply: 'SOLD_OUT', left: read.int(1) }),
};

export async function stockClaim(
  runner: ScriptRunner,
  keys: StockClaimKeys,
  args: StockClaimArgs,
  rows: readonly StockClaimRow[],
): Promise<StockClaimReply[]> {
  const argv: (string | number)[] = [args.nowMs];
  for (const row of rows)
    argv.push(
      row.key,
      row.shopperId,
      row.sku,
      row.quantity,
      row.claimId,
      row.holdUntilMs,
      row.passUntilMs,
      row.unitPrice,
      row.payment,
    );
  const raw = await runner.run(
    stockClaimScript,
    [keys.terms, keys.stock, keys.holds, keys.due, keys.answers, keys.taken, keys.outbox],
    argv,
  );
  return decodeReplies(stockClaimScript.name, raw, shapes, rows.length);
}
