// Made from lua/cart/keep.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** put a copy of an account's cart beside the database, unless somebody is writing a newer one. */
export const cartKeepScript = {
  name: 'cart/keep',
  sha: 'bc16f62f0b39c9645e04262dc3e7f5d5ccacedce',
  source: `local cart, writing = KEYS[1], KEYS[2]
local writer, version, body, keptMs = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local by = redis.call('GET', writing)
if by and by ~= writer then return { 'PASSED' } end
if by then redis.call('DEL', writing) end
if tonumber(redis.call('HGET', cart, 'v') or '0') >= version then return { 'PASSED' } end
redis.call('HSET', cart, 'v', string.format('%.0f', version), 'b', body)
redis.call('PEXPIRE', cart, keptMs)
return { 'KEPT' }`,
} as const;

export interface CartKeepKeys {
  readonly cart: string;
  readonly writing: string;
}

export interface CartKeepArgs {
  readonly writer: string;
  readonly version: number;
  readonly body: string;
  readonly keptMs: number;
}

export type CartKeepReply = { readonly reply: 'KEPT' } | { readonly reply: 'PASSED' };

const shapes: ReplyShapes<CartKeepReply> = {
  KEPT: () => ({ reply: 'KEPT' }),
  PASSED: () => ({ reply: 'PASSED' }),
};

export async function cartKeep(runner: ScriptRunner, keys: CartKeepKeys, args: CartKeepArgs): Promise<CartKeepReply> {
  const argv: (string | number)[] = [args.writer, args.version, args.body, args.keptMs];
  const raw = await runner.run(cartKeepScript, [keys.cart, keys.writing], argv);
  return decodeReply(cartKeepScript.name, raw, shapes);
}
