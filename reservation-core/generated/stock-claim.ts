// Made from lua/stock/claim.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** decide a batch of claims in one atomic step. */
export const stockClaimScript = {
  name: 'stock/claim',
  sha: '78d6d4aa848be313fcb4a5efb1be0048a9023e3b',
  source: `local function phaseOf(state, lobbyOpensAt, startsAt, endsAt, nowMs)
  if not state then return 'UNKNOWN' end
  if state == 'ended' or nowMs >= tonumber(endsAt) then return 'ENDED' end
  if state == 'paused' then return 'PAUSED' end
  if nowMs >= tonumber(startsAt) then return 'LIVE' end
  if nowMs >= tonumber(lobbyOpensAt) then return 'LOBBY' end
  return 'BEFORE'
end
local terms, stock, holds, due, answers, taken, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local nowMs = tonumber(ARGV[1])
local FIRST_ROW, ROW_WIDTH = 2, 7
local redis, ARGV = redis, ARGV
local WON, SOLD_OUT, LIMIT_REACHED = { 'WON' }, { 'SOLD_OUT' }, { 'LIMIT_REACHED' }
local REFUSAL_IN_PHASE =
  { UNKNOWN = 'PAUSED', BEFORE = 'NOT_STARTED', LOBBY = 'NOT_STARTED', PAUSED = 'PAUSED', ENDED = 'ENDED' }
local term = redis.call('HMGET', terms, 'state', 'lobbyOpensAt', 'startsAt', 'endsAt', 'perShopperLimit')
local closed = REFUSAL_IN_PHASE[phaseOf(term[1], term[2], term[3], term[4], nowMs)]
local limit = tonumber(term[5])
local answerFields, shoppers, available = {}, {}, {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local key, shopperId, sku = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local row = #shoppers + 1
  answerFields[row], shoppers[row] = shopperId .. ':' .. key, shopperId
  if available[sku] == nil then available[sku] = tonumber(redis.call('HGET', stock, sku .. ':available')) or false end
end
if #shoppers == 0 then return {} end
local answersBefore = redis.call('HMGET', answers, unpack(answerFields))
local takenBefore = redis.call('HMGET', taken, unpack(shoppers))
local answerNow, takenNow, heldOf = {}, {}, {}
local newAnswers, newHolds, newDue, newTaken, size = {}, {}, {}, {}, 0
local function decide(row, sku, asked, claimId, holdUntilMs, event)
  local field, shopperId, content = answerFields[row], shoppers[row], sku .. '|' .. asked .. '|'
  local first = answerNow[field] or answersBefore[row]
  if first then
    if string.sub(first, 1, #content) ~= content then return { 'KEY_REUSED' } end
    local firstClaim, firstUntil = string.match(first, '|([^|]+)|(%d+)$')
    return { 'REPLAYED', firstClaim, tonumber(firstUntil) }
  end
  if closed then return { closed } end
  local left, quantity = available[sku], tonumber(asked)
  if not left then return { 'UNKNOWN_SKU' } end
  local before = takenNow[shopperId] or takenBefore[row]
  local units = before and before + quantity or quantity
  if units > limit then return LIMIT_REACHED end
  if left < quantity then return SOLD_OUT end
  available[sku] = left - quantity
  heldOf[sku] = (heldOf[sku] or 0) + quantity
  takenNow[shopperId] = units
  local answer = content .. claimId .. '|' .. holdUntilMs
  answerNow[field] = answer
  local name, value = size + 1, size + 2
  size = value
  newTaken[name], newTaken[value] = shopperId, before and units or asked
  newAnswers[name], newAnswers[value] = field, answer
  newHolds[name], newHolds[value] = claimId, 'held|' .. content .. shopperId .. '|' .. holdUntilMs
  newDue[name], newDue[value] = holdUntilMs, claimId
  redis.call('XADD', outbox, '*', 'event', event)
  return WON
end
local decisions = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local sku, quantity, claimId = ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
  local holdUntilMs, event = ARGV[at + 5], ARGV[at + 6]
  local row = #decisions + 1
  decisions[row] = decide(row, sku, quantity, claimId, holdUntilMs, event)
end
if size > 0 then
  for sku, units in pairs(heldOf) do
    redis.call('HINCRBY', stock, sku .. ':available', -units)
    redis.call('HINCRBY', stock, sku .. ':held', units)
  end
  redis.call('HSET', taken, unpack(newTaken))
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
