// Made from lua/stock/confirm.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** turn holds into sales once their payments are captured. */
export const stockConfirmScript = {
  name: 'stock/confirm',
  sha: 'd45427af434d49ff4efaaeaabd3e04ee4d533042',
  source: `local function parseHold(record)
  local state, sku, quantity, shopperId, untilMs = string.match(record, '^([^|]+)|([^|]+)|(%d+)|([^|]+)|(%d+)$')
  return state, sku, tonumber(quantity), shopperId, untilMs
end
local function append(list, first, second)
  list[#list + 1] = first
  list[#list + 1] = second
end
local stock, holds = KEYS[1], KEYS[2]
local FIRST_ROW, ROW_WIDTH = 1, 1
local function confirm(claimId)
  local record = redis.call('HGET', holds, claimId)
  if not record then return { 'UNKNOWN' } end
  local state, sku, quantity, shopperId, untilMs = parseHold(record)
  if state ~= 'held' then return { 'ALREADY', state } end
  redis.call('HSET', holds, claimId, table.concat({ 'sold', sku, quantity, shopperId, untilMs }, '|'))
  redis.call('HINCRBY', stock, sku .. ':held', -quantity)
  redis.call('HINCRBY', stock, sku .. ':sold', quantity)
  return { 'CONFIRMED' }
end
local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local claimId = ARGV[at]
  answers[#answers + 1] = confirm(claimId)
end
return answers`,
} as const;

export interface StockConfirmKeys {
  readonly stock: string;
  readonly holds: string;
}

export interface StockConfirmRow {
  readonly claimId: string;
}

export type StockConfirmReply =
  | { readonly reply: 'CONFIRMED' }
  | { readonly reply: 'ALREADY'; readonly endedAs: string }
  | { readonly reply: 'UNKNOWN' };

const shapes: ReplyShapes<StockConfirmReply> = {
  CONFIRMED: () => ({ reply: 'CONFIRMED' }),
  ALREADY: (read) => ({ reply: 'ALREADY', endedAs: read.string(1) }),
  UNKNOWN: () => ({ reply: 'UNKNOWN' }),
};

export async function stockConfirm(
  runner: ScriptRunner,
  keys: StockConfirmKeys,
  rows: readonly StockConfirmRow[],
): Promise<StockConfirmReply[]> {
  const argv: (string | number)[] = [];
  for (const row of rows) argv.push(row.claimId);
  const raw = await runner.run(stockConfirmScript, [keys.stock, keys.holds], argv);
  return decodeReplies(stockConfirmScript.name, raw, shapes, rows.length);
}
