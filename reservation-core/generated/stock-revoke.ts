// Made from lua/stock/revoke.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** make the passes of shoppers void that end until a given time. A pass issued later, with a later end, counts. */
export const stockRevokeScript = {
  name: 'stock/revoke',
  sha: 'f9e54bd335ff8daf584ddf73f65f918037be496e',
  source: `local function parseTaken(record)
  local units, void = string.match(record, '^(%d+)|?(%d*)$')
  return tonumber(units), void ~= '' and void or nil
end
local function formatTaken(units, void)
  return void and string.format('%d|%s', units, void) or string.format('%d', units)
end
local taken = KEYS[1]
local FIRST_ROW, ROW_WIDTH = 1, 2
local function revoke(shopperId, passUntilMs)
  local units, void = parseTaken(redis.call('HGET', taken, shopperId) or '0')
  if not void or tonumber(void) < passUntilMs then void = string.format('%d', passUntilMs) end
  redis.call('HSET', taken, shopperId, formatTaken(units, void))
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
