// Made from lua/stock/extend.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** give holds more time, for a payment that takes a second step. A hold never gets less than it had. */
export const stockExtendScript = {
  name: 'stock/extend',
  sha: 'd22fb5440e7a94b91cdbe2f91fb47cd9893eebe6',
  source: `local function parseHold(record)
  local state, sku, quantity, shopperId, untilMs = string.match(record, '^([^|]+)|([^|]+)|(%d+)|([^|]+)|(%d+)$')
  return state, sku, tonumber(quantity), shopperId, untilMs
end
local function append(list, first, second)
  list[#list + 1] = first
  list[#list + 1] = second
end
local holds, due = KEYS[1], KEYS[2]
local FIRST_ROW, ROW_WIDTH = 1, 2
local function extend(claimId, untilMs)
  local record = redis.call('HGET', holds, claimId)
  if not record then return { 'UNKNOWN' } end
  local state, sku, quantity, shopperId, knownUntilMs = parseHold(record)
  if state ~= 'held' then return { 'ALREADY', state } end
  local holdUntilMs = string.format('%d', math.max(untilMs, tonumber(knownUntilMs)))
  redis.call('HSET', holds, claimId, table.concat({ state, sku, quantity, shopperId, holdUntilMs }, '|'))
  redis.call('ZADD', due, holdUntilMs, claimId)
  return { 'EXTENDED', tonumber(holdUntilMs) }
end
local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local claimId, untilMs = ARGV[at], tonumber(ARGV[at + 1])
  answers[#answers + 1] = extend(claimId, untilMs)
end
return answers`,
} as const;

export interface StockExtendKeys {
  readonly holds: string;
  readonly due: string;
}

export interface StockExtendRow {
  readonly claimId: string;
  readonly untilMs: number;
}

export type StockExtendReply =
  | { readonly reply: 'EXTENDED'; readonly holdUntilMs: number }
  | { readonly reply: 'ALREADY'; readonly endedAs: string }
  | { readonly reply: 'UNKNOWN' };

const shapes: ReplyShapes<StockExtendReply> = {
  EXTENDED: (read) => ({ reply: 'EXTENDED', holdUntilMs: read.int(1) }),
  ALREADY: (read) => ({ reply: 'ALREADY', endedAs: read.string(1) }),
  UNKNOWN: () => ({ reply: 'UNKNOWN' }),
};

export async function stockExtend(
  runner: ScriptRunner,
  keys: StockExtendKeys,
  rows: readonly StockExtendRow[],
): Promise<StockExtendReply[]> {
  const argv: (string | number)[] = [];
  for (const row of rows) argv.push(row.claimId, row.untilMs);
  const raw = await runner.run(stockExtendScript, [keys.holds, keys.due], argv);
  return decodeReplies(stockExtendScript.name, raw, shapes, rows.length);
}
