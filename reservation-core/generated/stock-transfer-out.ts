// Made from lua/stock/transfer-out.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** take unsold units out of this region, on their way to another. First of two steps. */
export const stockTransferOutScript = {
  name: 'stock/transfer-out',
  sha: 'efc749a35261dd9da2fa0029311b31a0135c646b',
  source: `local stock, journal = KEYS[1], KEYS[2]
local transferId, sku, units, toRegion = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local content = table.concat({ sku, units, toRegion }, '|')
local known = redis.call('HGET', journal, transferId)
if known then
  return { (known == 'out|open|' .. content or known == 'out|done|' .. content) and 'REPLAYED' or 'KEY_REUSED' }
end
local mark = redis.call('HGET', journal, 'mark|out|' .. toRegion)
if mark and transferId <= mark then return { 'STALE' } end
local available = tonumber(redis.call('HGET', stock, sku .. ':available') or '0')
if units <= 0 or available < units then return { 'SHORT', available } end
redis.call('HINCRBY', stock, sku .. ':available', -units)
redis.call('HINCRBY', stock, sku .. ':out', units)
redis.call('HSET', journal, transferId, 'out|open|' .. content)
return { 'SENT' }`,
} as const;

export interface StockTransferOutKeys {
  readonly stock: string;
  readonly journal: string;
}

export interface StockTransferOutArgs {
  readonly transferId: string;
  readonly sku: string;
  readonly units: number;
  readonly toRegion: string;
}

export type StockTransferOutReply =
  | { readonly reply: 'SENT' }
  | { readonly reply: 'REPLAYED' }
  | { readonly reply: 'KEY_REUSED' }
  | { readonly reply: 'STALE' }
  | { readonly reply: 'SHORT'; readonly available: number };

const shapes: ReplyShapes<StockTransferOutReply> = {
  SENT: () => ({ reply: 'SENT' }),
  REPLAYED: () => ({ reply: 'REPLAYED' }),
  KEY_REUSED: () => ({ reply: 'KEY_REUSED' }),
  STALE: () => ({ reply: 'STALE' }),
  SHORT: (read) => ({ reply: 'SHORT', available: read.int(1) }),
};

export async function stockTransferOut(
  runner: ScriptRunner,
  keys: StockTransferOutKeys,
  args: StockTransferOutArgs,
): Promise<StockTransferOutReply> {
  const argv: (string | number)[] = [args.transferId, args.sku, args.units, args.toRegion];
  const raw = await runner.run(stockTransferOutScript, [keys.stock, keys.journal], argv);
  return decodeReply(stockTransferOutScript.name, raw, shapes);
}
