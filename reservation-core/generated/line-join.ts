// Made from lua/line/join.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** give places in the line to a batch of shoppers, or tell them the place that they have. */
export const lineJoinScript = {
  name: 'line/join',
  sha: '57bb8505d44b01d0795ec78c5aaed3fa9a7595b7',
  source: `local function phaseOf(state, lobbyOpensAt, startsAt, endsAt, nowMs)
  if not state then return 'UNKNOWN' end
  if state == 'ended' or nowMs >= tonumber(endsAt) then return 'ENDED' end
  if state == 'paused' then return 'PAUSED' end
  if nowMs >= tonumber(startsAt) then return 'LIVE' end
  if nowMs >= tonumber(lobbyOpensAt) then return 'LOBBY' end
  return 'BEFORE'
end
local terms, line, places, waiting, passes = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local nowMs, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])
local FIRST_ROW, ROW_WIDTH = 3, 2
local term = redis.call('HMGET', terms, 'state', 'lobbyOpensAt', 'startsAt', 'endsAt')
local phase = phaseOf(term[1], term[2], term[3], term[4], nowMs)
local function waitingAt(shopperId, place, region)
  return { 'WAITING', tonumber(place), region, redis.call('ZRANK', waiting, shopperId) }
end
local function join(shopperId, region)
  if phase == 'UNKNOWN' or phase == 'ENDED' then return { 'ENDED' } end
  if phase == 'BEFORE' then return { 'NOT_STARTED' } end
  local known = redis.call('HGET', places, shopperId)
  if known then
    local place, placeRegion = string.match(known, '^(%d+)|(.+)$')
    local passUntil = tonumber(redis.call('ZSCORE', passes, shopperId) or '0')
    if passUntil > nowMs then return { 'ADMITTED', tonumber(place), placeRegion, passUntil } end
    if redis.call('ZSCORE', waiting, shopperId) then return waitingAt(shopperId, place, placeRegion) end
  end
  if redis.call('ZCARD', waiting) >= capacity then return { 'LINE_FULL' } end
  local home = known and string.match(known, '|(.+)$') or region
  local place = redis.call('HINCRBY', line, 'tail', 1)
  redis.call('HSET', places, shopperId, place .. '|' .. home)
  redis.call('ZADD', waiting, place, shopperId)
  return waitingAt(shopperId, place, home)
end
local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId, region = ARGV[at], ARGV[at + 1]
  answers[#answers + 1] = join(shopperId, region)
end
return answers`,
} as const;

export interface LineJoinKeys {
  readonly terms: string;
  readonly line: string;
  readonly places: string;
  readonly waiting: string;
  readonly passes: string;
}

export interface LineJoinArgs {
  readonly nowMs: number;
  readonly capacity: number;
}

export interface LineJoinRow {
  readonly shopperId: string;
  readonly region: string;
}

export type LineJoinReply =
  | { readonly reply: 'WAITING'; readonly place: number; readonly region: string; readonly ahead: number }
  | { readonly reply: 'ADMITTED'; readonly place: number; readonly region: string; readonly passUntilMs: number }
  | { readonly reply: 'NOT_STARTED' }
  | { readonly reply: 'ENDED' }
  | { readonly reply: 'LINE_FULL' };

const shapes: ReplyShapes<LineJoinReply> = {
  WAITING: (read) => ({ reply: 'WAITING', place: read.int(1), region: read.string(2), ahead: read.int(3) }),
  ADMITTED: (read) => ({ reply: 'ADMITTED', place: read.int(1), region: read.string(2), passUntilMs: read.int(3) }),
  NOT_STARTED: () => ({ reply: 'NOT_STARTED' }),
  ENDED: () => ({ reply: 'ENDED' }),
  LINE_FULL: () => ({ reply: 'LINE_FULL' }),
};

export async function lineJoin(
  runner: ScriptRunner,
  keys: LineJoinKeys,
  args: LineJoinArgs,
  rows: readonly LineJoinRow[],
): Promise<LineJoinReply[]> {
  const argv: (string | number)[] = [args.nowMs, args.capacity];
  for (const row of rows) argv.push(row.shopperId, row.region);
  const raw = await runner.run(lineJoinScript, [keys.terms, keys.line, keys.places, keys.waiting, keys.passes], argv);
  return decodeReplies(lineJoinScript.name, raw, shapes, rows.length);
}
