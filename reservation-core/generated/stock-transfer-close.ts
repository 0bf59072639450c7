// Made from lua/stock/transfer-close.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** note in the sending region that a transfer has arrived, so that nobody looks after it again. */
export const stockTransferCloseScript = {
  name: 'stock/transfer-close',
  sha: 'e0f9ff414e16e16541c9dd106e3d775ba3ccc597',
  source: `local journal = KEYS[1]
local transferId = ARGV[1]
local known = redis.call('HGET', journal, transferId)
if not known or string.sub(known, 1, 4) ~= 'out|' then return { 'UNKNOWN' } end
redis.call('HSET', journal, transferId, 'out|done|' .. string.match(known, '^out|[^|]+|(.+)$'))
return { 'CLOSED' }`,
} as const;

export interface StockTransferCloseKeys {
  readonly journal: string;
}

export interface StockTransferCloseArgs {
  readonly transferId: string;
}

export type StockTransferCloseReply = { readonly reply: 'CLOSED' } | { readonly reply: 'UNKNOWN' };

const shapes: ReplyShapes<StockTransferCloseReply> = {
  CLOSED: () => ({ reply: 'CLOSED' }),
  UNKNOWN: () => ({ reply: 'UNKNOWN' }),
};

export async function stockTransferClose(
  runner: ScriptRunner,
  keys: StockTransferCloseKeys,
  args: StockTransferCloseArgs,
): Promise<StockTransferCloseReply> {
  const argv: (string | number)[] = [args.transferId];
  const raw = await runner.run(stockTransferCloseScript, [keys.journal], argv);
  return decodeReply(stockTransferCloseScript.name, raw, shapes);
}
