// Made from lua/line/draw-close.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** make the list of entrants of a lottery drop final, once its lobby is over. */
export const lineDrawCloseScript = {
  name: 'line/draw-close',
  sha: '7e8afd401e3a0fde4609aedfd0a576c58cf3162e',
  source: `local function stepOf(lanes, lane)
  for name, weight in string.gmatch(lanes or '', '([^=,]+)=(%d+)') do
    if name == lane then return 1 / tonumber(weight) end
  end
  return 1
end
local function turnOf(lanes, lane, place)
  return tonumber(place) * stepOf(lanes, lane)
end
local function closeLobby(line, lanes)
  if redis.call('HSETNX', line, 'draw', 'closed') == 0 then return false end
  for lane in string.gmatch(lanes or '', '([^=,]+)=%d+') do
    local entrants = tonumber(redis.call('HGET', line, 'entrants:' .. lane) or '0')
    redis.call('HSET', line, 'tail:' .. lane, entrants, 'turn:' .. lane, turnOf(lanes, lane, entrants))
  end
  return true
end
local function weightsOf(lanes)
  local weights, count = 0, 0
  for weight in string.gmatch(lanes or '', '[^=,]+=(%d+)') do
    weights, count = weights + tonumber(weight), count + 1
  end
  return weights, count
end
local terms, line, entrants = KEYS[1], KEYS[2], KEYS[3]
local nowMs = tonumber(ARGV[1])
local term = redis.call('HMGET', terms, 'mode', 'lanes', 'startsAt')
if term[1] ~= 'lottery' then return { 'NOT_A_DRAW' } end
local lanes, startsAt = term[2], tonumber(term[3])
local known = redis.call('HMGET', line, 'draw', 'latestMs')
if known[1] == 'done' then return { 'DONE' } end
if not known[1] and nowMs < startsAt then return { 'TOO_EARLY', startsAt } end
redis.call('HSET', line, 'latestMs', math.max(nowMs, tonumber(known[2] or '0')))
closeLobby(line, lanes)
return { 'CLOSED', redis.call('LLEN', entrants) }`,
} as const;

export interface LineDrawCloseKeys {
  readonly terms: string;
  readonly line: string;
  readonly entrants: string;
}

export interface LineDrawCloseArgs {
  readonly nowMs: number;
}

export type LineDrawCloseReply =
  | { readonly reply: 'NOT_A_DRAW' }
  | { readonly reply: 'TOO_EARLY'; readonly startsAt: number }
  | { readonly reply: 'CLOSED'; readonly entrants: number }
  | { readonly reply: 'DONE' };

const shapes: ReplyShapes<LineDrawCloseReply> = {
  NOT_A_DRAW: () => ({ reply: 'NOT_A_DRAW' }),
  TOO_EARLY: (read) => ({ reply: 'TOO_EARLY', startsAt: read.int(1) }),
  CLOSED: (read) => ({ reply: 'CLOSED', entrants: read.int(1) }),
  DONE: () => ({ reply: 'DONE' }),
};

export async function lineDrawClose(
  runner: ScriptRunner,
  keys: LineDrawCloseKeys,
  args: LineDrawCloseArgs,
): Promise<LineDrawCloseReply> {
  const argv: (string | number)[] = [args.nowMs];
  const raw = await runner.run(lineDrawCloseScript, [keys.terms, keys.line, keys.entrants], argv);
  return decodeReply(lineDrawCloseScript.name, raw, shapes);
}
