// Made from lua/line/draw-root.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** tell the root of the final list of entrants, before anybody can know what the draw makes of it. */
export const lineDrawRootScript = {
  name: 'line/draw-root',
  sha: '4f43c4bf50a9358bf5bfb1ec32514b8d973537a0',
  source: `local line = KEYS[1]
local root = ARGV[1]
local known = redis.call('HMGET', line, 'draw', 'drawRoot')
if not known[1] then return { 'OPEN' } end
if known[2] == root then return { 'ALREADY' } end
if known[2] then return { 'OTHER', known[2] } end
redis.call('HSET', line, 'drawRoot', root)
return { 'TOLD' }`,
} as const;

export interface LineDrawRootKeys {
  readonly line: string;
}

export interface LineDrawRootArgs {
  readonly root: string;
}

export type LineDrawRootReply =
  | { readonly reply: 'TOLD' }
  | { readonly reply: 'ALREADY' }
  | { readonly reply: 'OTHER'; readonly root: string }
  | { readonly reply: 'OPEN' };

const shapes: ReplyShapes<LineDrawRootReply> = {
  TOLD: () => ({ reply: 'TOLD' }),
  ALREADY: () => ({ reply: 'ALREADY' }),
  OTHER: (read) => ({ reply: 'OTHER', root: read.string(1) }),
  OPEN: () => ({ reply: 'OPEN' }),
};

export async function lineDrawRoot(
  runner: ScriptRunner,
  keys: LineDrawRootKeys,
  args: LineDrawRootArgs,
): Promise<LineDrawRootReply> {
  const argv: (string | number)[] = [args.root];
  const raw = await runner.run(lineDrawRootScript, [keys.line], argv);
  return decodeReply(lineDrawRootScript.name, raw, shapes);
}
