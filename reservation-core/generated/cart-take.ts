// Made from lua/cart/take.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** take the copy of an account's cart away, in the name of who is about to write the database (lua/cart/keep.lua). */
export const cartTakeScript = {
  name: 'cart/take',
  sha: 'afe8489ced242fe419d0b82d999041b2baeb5c86',
  source: `local cart, writing = KEYS[1], KEYS[2]
local writer, nameMs = ARGV[1], tonumber(ARGV[2])
redis.call('DEL', cart)
redis.call('SET', writing, writer, 'PX', nameMs)
return { 'TAKEN' }`,
} as const;

export interface CartTakeKeys {
  readonly cart: string;
  readonly writing: string;
}

export interface CartTakeArgs {
  readonly writer: string;
  readonly nameMs: number;
}

export type CartTakeReply = { readonly reply: 'TAKEN' };

const shapes: ReplyShapes<CartTakeReply> = {
  TAKEN: () => ({ reply: 'TAKEN' }),
};

export async function cartTake(runner: ScriptRunner, keys: CartTakeKeys, args: CartTakeArgs): Promise<CartTakeReply> {
  const argv: (string | number)[] = [args.writer, args.nameMs];
  const raw = await runner.run(cartTakeScript, [keys.cart, keys.writing], argv);
  return decodeReply(cartTakeScript.name, raw, shapes);
}
