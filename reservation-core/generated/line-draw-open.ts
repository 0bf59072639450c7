// Made from lua/line/draw-open.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** all entrants have their places; from here on the line moves. */
export const lineDrawOpenScript = {
  name: 'line/draw-open',
  sha: '429a9f999c257dde23abddd64399f68307a862c8',
  source: `local line = KEYS[1]
local draw = redis.call('HGET', line, 'draw')
if draw == 'done' then return { 'ALREADY' } end
if draw ~= 'closed' then return { 'NOT_CLOSED' } end
redis.call('HSET', line, 'draw', 'done')
return { 'OPENED' }`,
} as const;

export interface LineDrawOpenKeys {
  readonly line: string;
}

export type LineDrawOpenReply =
  | { readonly reply: 'OPENED' }
  | { readonly reply: 'ALREADY' }
  | { readonly reply: 'NOT_CLOSED' };

const shapes: ReplyShapes<LineDrawOpenReply> = {
  OPENED: () => ({ reply: 'OPENED' }),
  ALREADY: () => ({ reply: 'ALREADY' }),
  NOT_CLOSED: () => ({ reply: 'NOT_CLOSED' }),
};

export async function lineDrawOpen(runner: ScriptRunner, keys: LineDrawOpenKeys): Promise<LineDrawOpenReply> {
  const argv: (string | number)[] = [];
  const raw = await runner.run(lineDrawOpenScript, [keys.line], argv);
  return decodeReply(lineDrawOpenScript.name, raw, shapes);
}
