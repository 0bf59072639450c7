// Made from lua/cart/save.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** write the cart of a guest, if nobody else has written it meanwhile. */
export const cartSaveScript = {
  name: 'cart/save',
  sha: '41aeb6558eb5780e245e4d0fa848ea118b08a8b6',
  source: `local cart = KEYS[1]
local expected, version, body, keptMs = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
if tonumber(redis.call('HGET', cart, 'v') or '0') ~= expected then return { 'CHANGED' } end
redis.call('HSET', cart, 'v', string.format('%.0f', version), 'b', body)
redis.call('PEXPIRE', cart, keptMs)
return { 'SAVED' }`,
} as const;

export interface CartSaveKeys {
  readonly cart: string;
}

export interface CartSaveArgs {
  readonly expected: number;
  readonly version: number;
  readonly body: string;
  readonly keptMs: number;
}

export type CartSaveReply = { readonly reply: 'SAVED' } | { readonly reply: 'CHANGED' };

const shapes: ReplyShapes<CartSaveReply> = {
  SAVED: () => ({ reply: 'SAVED' }),
  CHANGED: () => ({ reply: 'CHANGED' }),
};

export async function cartSave(runner: ScriptRunner, keys: CartSaveKeys, args: CartSaveArgs): Promise<CartSaveReply> {
  const argv: (string | number)[] = [args.expected, args.version, args.body, args.keptMs];
  const raw = await runner.run(cartSaveScript, [keys.cart], argv);
  return decodeReply(cartSaveScript.name, raw, shapes);
}
