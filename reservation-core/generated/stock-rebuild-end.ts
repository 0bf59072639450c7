// Made from lua/stock/rebuild-end.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** put what no claim has taken on sale again, by publishing the terms last. */
export const stockRebuildEndScript = {
  name: 'stock/rebuild-end',
  sha: '2ce26e7e523b33ecf4de286379ab18c6b61ebb5f',
  source: `local terms, stock, holds, journal = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local rebuildId, revision, claims, transfers = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local FIRST_ROW, ROW_WIDTH = 5, 2
local ours = redis.call('HGET', stock, 'rebuild') == rebuildId
if redis.call('EXISTS', terms) == 1 then return { ours and 'PUBLISHED' or 'LIVE' } end
if not ours then return { 'SUPERSEDED' } end
local restored, moved = redis.call('HLEN', holds), 0
for _, field in ipairs(redis.call('HKEYS', journal)) do
  if string.sub(field, 1, 5) ~= 'mark|' then moved = moved + 1 end
end
if restored ~= claims or moved < transfers then return { 'INCOMPLETE', restored, moved } end
for _, field in ipairs(redis.call('HKEYS', stock)) do
  local sku = string.match(field, '^(.+):unplaced$')
  if sku then
    redis.call('HINCRBY', stock, sku .. ':available', tonumber(redis.call('HGET', stock, field)))
    redis.call('HDEL', stock, field)
  end
end
redis.call('HSET', terms, 'revision', revision)
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local field, value = ARGV[at], ARGV[at + 1]
  redis.call('HSET', terms, field, value)
end
return { 'PUBLISHED' }`,
} as const;

export interface StockRebuildEndKeys {
  readonly terms: string;
  readonly stock: string;
  readonly holds: string;
  readonly journal: string;
}

export interface StockRebuildEndArgs {
  readonly rebuildId: string;
  readonly revision: number;
  readonly claims: number;
  readonly transfers: number;
}

export interface StockRebuildEndRow {
  readonly field: string;
  readonly value: string;
}

export type StockRebuildEndReply =
  | { readonly reply: 'PUBLISHED' }
  | { readonly reply: 'LIVE' }
  | { readonly reply: 'SUPERSEDED' }
  | { readonly reply: 'INCOMPLETE'; readonly claims: number; readonly transfers: number };

const shapes: ReplyShapes<StockRebuildEndReply> = {
  PUBLISHED: () => ({ reply: 'PUBLISHED' }),
  LIVE: () => ({ reply: 'LIVE' }),
  SUPERSEDED: () => ({ reply: 'SUPERSEDED' }),
  INCOMPLETE: (read) => ({ reply: 'INCOMPLETE', claims: read.int(1), transfers: read.int(2) }),
};

export async function stockRebuildEnd(
  runner: ScriptRunner,
  keys: StockRebuildEndKeys,
  args: StockRebuildEndArgs,
  rows: readonly StockRebuildEndRow[],
): Promise<StockRebuildEndReply> {
  const argv: (string | number)[] = [args.rebuildId, args.revision, args.claims, args.transfers];
  for (const row of rows) argv.push(row.field, row.value);
  const raw = await runner.run(stockRebuildEndScript, [keys.terms, keys.stock, keys.holds, keys.journal], argv);
  return decodeReply(stockRebuildEndScript.name, raw, shapes);
}
