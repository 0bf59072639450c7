// Made from lua/stock/transfer-in.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** put units that left another region into this one. Second of two steps, once for each transfer. */
export const stockTransferInScript = {
  name: 'stock/transfer-in',
  sha: '3603507f724a976b6745b4b26d0936ed6167269a',
  source: `local stock, journal, news = KEYS[1], KEYS[2], KEYS[3]
local transferId, sku, units, fromRegion = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local entry = 'in|' .. table.concat({ sku, units, fromRegion }, '|')
local known = redis.call('HGET', journal, transferId)
if known then return { known == entry and 'REPLAYED' or 'KEY_REUSED' } end
local mark = redis.call('HGET', journal, 'mark|in|' .. fromRegion)
if mark and transferId <= mark then return { 'REPLAYED' } end
redis.call('HSET', journal, transferId, entry)
redis.call('HINCRBY', stock, sku .. ':in', units)
local available = redis.call('HINCRBY', stock, sku .. ':available', units)
if available == units then redis.call('PUBLISH', news, sku) end
for _, count in ipairs({ 'allocated', 'out', 'held', 'sold' }) do
  redis.call('HSETNX', stock, sku .. ':' .. count, 0)
end
return { 'RECEIVED' }`,
} as const;

export interface StockTransferInKeys {
  readonly stock: string;
  readonly journal: string;
  readonly news: string;
}

export interface StockTransferInArgs {
  readonly transferId: string;
  readonly sku: string;
  readonly units: number;
  readonly fromRegion: string;
}

export type StockTransferInReply =
  | { readonly reply: 'RECEIVED' }
  | { readonly reply: 'REPLAYED' }
  | { readonly reply: 'KEY_REUSED' };

const shapes: ReplyShapes<StockTransferInReply> = {
  RECEIVED: () => ({ reply: 'RECEIVED' }),
  REPLAYED: () => ({ reply: 'REPLAYED' }),
  KEY_REUSED: () => ({ reply: 'KEY_REUSED' }),
};

export async function stockTransferIn(
  runner: ScriptRunner,
  keys: StockTransferInKeys,
  args: StockTransferInArgs,
): Promise<StockTransferInReply> {
  const argv: (string | number)[] = [args.transferId, args.sku, args.units, args.fromRegion];
  const raw = await runner.run(stockTransferInScript, [keys.stock, keys.journal, keys.news], argv);
  return decodeReply(stockTransferInScript.name, raw, shapes);
}
