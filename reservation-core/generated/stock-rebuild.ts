// Made from lua/stock/rebuild.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** put back a batch of claims of a region that has lost its data, each once. */
export const stockRebuildScript = {
  name: 'stock/rebuild',
  sha: 'bff555856f5acc408a5478e57ee763e4a772f3f1',
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
local terms, stock, holds, due, answers, taken, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local rebuildId = ARGV[1]
local FIRST_ROW, ROW_WIDTH = 2, 7
local closed
if redis.call('EXISTS', terms) == 1 then closed = 'LIVE'
elseif redis.call('HGET', stock, 'rebuild') ~= rebuildId then closed = 'SUPERSEDED' end
local function place(sku, quantity, state)
  local unplaced = tonumber(redis.call('HGET', stock, sku .. ':unplaced'))
  if not unplaced then return { 'UNKNOWN_SKU' } end
  if unplaced < quantity then return { 'SHORT', unplaced } end
  redis.call('HINCRBY', stock, sku .. ':unplaced', -quantity)
  redis.call('HINCRBY', stock, sku .. ':' .. state, quantity)
end
local function remember(shopperId, key, units, answer)
  local before, void, first = parseTaken(redis.call('HGET', taken, shopperId) or NOTHING_TAKEN)
  if key ~= '' then
    if first == '' then first = key .. '|' .. answer
    else redis.call('HSET', answers, shopperId .. ':' .. key, answer) end
  end
  redis.call('HSET', taken, shopperId, formatTaken(before + units, void, first))
end
local function restore(claimId, key, shopperId, sku, quantity, holdUntilMs, state)
  if closed then return { closed } end
  if redis.call('HEXISTS', holds, claimId) == 1 then return { 'REPLAYED' } end
  if state == 'held' or state == 'sold' then
    local refusal = place(sku, quantity, state)
    if refusal then return refusal end
  end
  if state == 'held' then redis.call('ZADD', due, holdUntilMs, claimId) end
  if state == 'expired' then
    redis.call('XADD', outbox, '*', 'released', table.concat({ claimId, sku, quantity, shopperId, state }, '|'))
  end
  redis.call('HSET', holds, claimId, table.concat({ state, sku, quantity, shopperId, holdUntilMs }, '|'))
  remember(shopperId, key, (state == 'held' or state == 'sold') and quantity or 0,
    table.concat({ sku, quantity, claimId, holdUntilMs }, '|'))
  return { 'RESTORED' }
end
local replies = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local claimId, key, shopperId, sku, quantity = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4])
  local holdUntilMs, state = ARGV[at + 5], ARGV[at + 6]
  replies[#replies + 1] = restore(claimId, key, shopperId, sku, quantity, holdUntilMs, state)
end
return replies`,
} as const;

export interface StockRebuildKeys {
  readonly terms: string;
  readonly stock: string;
  readonly holds: string;
  readonly due: string;
  readonly answers: string;
  readonly taken: string;
  readonly outbox: string;
}

export interface StockRebuildArgs {
  readonly rebuildId: string;
}

export interface StockRebuildRow {
  readonly claimId: string;
  readonly key: string;
  readonly shopperId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly holdUntilMs: number;
  readonly state: string;
}

export type StockRebuildReply =
  | { readonly reply: 'RESTORED' }
  | { readonly reply: 'REPLAYED' }
  | { readonly reply: 'LIVE' }
  | { readonly reply: 'SUPERSEDED' }
  | { readonly reply: 'UNKNOWN_SKU' }
  | { readonly reply: 'SHORT'; readonly unplaced: number };

const shapes: ReplyShapes<StockRebuildReply> = {
  RESTORED: () => ({ reply: 'RESTORED' }),
  REPLAYED: () => ({ reply: 'REPLAYED' }),
  LIVE: () => ({ reply: 'LIVE' }),
  SUPERSEDED: () => ({ reply: 'SUPERSEDED' }),
  UNKNOWN_SKU: () => ({ reply: 'UNKNOWN_SKU' }),
  SHORT: (read) => ({ reply: 'SHORT', unplaced: read.int(1) }),
};

export async function stockRebuild(
  runner: ScriptRunner,
  keys: StockRebuildKeys,
  args: StockRebuildArgs,
  rows: readonly StockRebuildRow[],
): Promise<StockRebuildReply[]> {
  const argv: (string | number)[] = [args.rebuildId];
  for (const row of rows)
    argv.push(row.claimId, row.key, row.shopperId, row.sku, row.quantity, row.holdUntilMs, row.state);
  const raw = await runner.run(
    stockRebuildScript,
    [keys.terms, keys.stock, keys.holds, keys.due, keys.answers, keys.taken, keys.outbox],
    argv,
  );
  return decodeReplies(stockRebuildScript.name, raw, shapes, rows.length);
}
