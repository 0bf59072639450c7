// Made from lua/stock/revoke.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** make the passes of shoppers void that end until a given time. A pass issued later, with a later end, counts. */
export const stockRevokeScript = {
  name: 'stock/revoke',
  sha: 'd38760825b10dba44442a8a032a81e3203b39c73',
  source: `local NOTHING_TAKEN = '0||'
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
local taken = KEYS[1]
local FIRST_ROW, ROW_WIDTH = 1, 2
local function revoke(shopperId, passUntilMs)
  local units, void, first = parseTaken(redis.call('HGET', taken, shopperId) or NOTHING_TAKEN)
  if not void or tonumber(void) < passUntilMs then void = string.format('%d', passUntilMs) end
  redis.call('HSET', taken, shopperId, formatTaken(units, void, first))
  return { 'REVOKED' }
end
local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId, passUntilMs = ARGV[at], tonumber(ARGV[at + 1])
  answers[#answers + 1] = revoke(shopperId, passUntilMs)
end
return answers`,
} as const;

export interface StockRevokeKeys {
  readonly taken: string;
}

export interface StockRevokeRow {
  readonly shopperId: string;
  readonly passUntilMs: number;
}

export type StockRevokeReply = { readonly reply: 'REVOKED' };

const shapes: ReplyShapes<StockRevokeReply> = {
  REVOKED: () => ({ reply: 'REVOKED' }),
};

export async function stockRevoke(
  runner: ScriptRunner,
  keys: StockRevokeKeys,
  rows: readonly StockRevokeRow[],
): Promise<StockRevokeReply[]> {
  const argv: (string | number)[] = [];
  for (const row of rows) argv.push(row.shopperId, row.passUntilMs);
  const raw = await runner.run(stockRevokeScript, [keys.taken], argv);
  return decodeReplies(stockRevokeScript.name, raw, shapes, rows.length);
}
