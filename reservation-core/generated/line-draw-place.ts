// Made from lua/line/draw-place.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** give a batch of entrants the places that the draw made for them. */
export const lineDrawPlaceScript = {
  name: 'line/draw-place',
  sha: '982f484ead4580824de633ca8faaed8b0ea6bd72',
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
local terms, line, places, waiting = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local FIRST_ROW, ROW_WIDTH = 1, 2
local closed = redis.call('HEXISTS', line, 'draw') == 1
local lanes = redis.call('HGET', terms, 'lanes')
local ids = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do ids[#ids + 1] = ARGV[at] end
if #ids == 0 then return {} end
local records = redis.call('HMGET', places, unpack(ids))
local newPlaces, newWaiting, placed, steps, waitingIn = {}, {}, {}, {}, {}
local function stepOnce(lane)
  if not steps[lane] then steps[lane] = stepOf(lanes, lane) end
  return steps[lane]
end
local function give(shopperId, place, record)
  if not closed then return { 'OPEN' } end
  if not record then return { 'UNKNOWN' } end
  if string.sub(record, 1, 2) == '0|' then return { 'LEFT' } end
  if string.sub(record, 1, 6) ~= 'lobby|' or placed[shopperId] then return { 'REPLAYED' } end
  placed[shopperId] = true
  local rest = string.sub(record, 7)
  local bar = string.find(rest, '|', 1, true)
  local lane = bar and string.sub(rest, 1, bar - 1) or rest
  waitingIn[lane] = (waitingIn[lane] or 0) + 1
  newPlaces[#newPlaces + 1], newPlaces[#newPlaces + 2] = shopperId, place .. '|' .. rest
  newWaiting[#newWaiting + 1], newWaiting[#newWaiting + 2] = tonumber(place) * stepOnce(lane), shopperId
  return { 'PLACED' }
end
local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId, place = ARGV[at], ARGV[at + 1]
  answers[#answers + 1] = give(shopperId, place, records[#answers + 1])
end
if #newPlaces > 0 then
  redis.call('HSET', places, unpack(newPlaces))
  redis.call('ZADD', waiting, unpack(newWaiting))
  for lane, more in pairs(waitingIn) do redis.call('HINCRBY', line, 'waiting:' .. lane, more) end
end
return answers`,
} as const;

export interface LineDrawPlaceKeys {
  readonly terms: string;
  readonly line: string;
  readonly places: string;
  readonly waiting: string;
}

export interface LineDrawPlaceRow {
  readonly shopperId: string;
  readonly place: number;
}

export type LineDrawPlaceReply =
  | { readonly reply: 'PLACED' }
  | { readonly reply: 'REPLAYED' }
  | { readonly reply: 'LEFT' }
  | { readonly reply: 'UNKNOWN' }
  | { readonly reply: 'OPEN' };

const shapes: ReplyShapes<LineDrawPlaceReply> = {
  PLACED: () => ({ reply: 'PLACED' }),
  REPLAYED: () => ({ reply: 'REPLAYED' }),
  LEFT: () => ({ reply: 'LEFT' }),
  UNKNOWN: () => ({ reply: 'UNKNOWN' }),
  OPEN: () => ({ reply: 'OPEN' }),
};

export async function lineDrawPlace(
  runner: ScriptRunner,
  keys: LineDrawPlaceKeys,
  rows: readonly LineDrawPlaceRow[],
): Promise<LineDrawPlaceReply[]> {
  const argv: (string | number)[] = [];
  for (const row of rows) argv.push(row.shopperId, row.place);
  const raw = await runner.run(lineDrawPlaceScript, [keys.terms, keys.line, keys.places, keys.waiting], argv);
  return decodeReplies(lineDrawPlaceScript.name, raw, shapes, rows.length);
}
