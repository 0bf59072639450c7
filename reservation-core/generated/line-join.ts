// Made from lua/line/join.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** give places in the line to a batch of shoppers, or tell them what has become of the place that they have. */
export const lineJoinScript = {
  name: 'line/join',
  sha: '6cbcb779730e1ec67167bc82473a2818787b3503',
  source: `local function phaseOf(state, lobbyOpensAt, startsAt, endsAt, nowMs)
  if not state then return 'UNKNOWN' end
  if state == 'ended' or nowMs >= tonumber(endsAt) then return 'ENDED' end
  if state == 'paused' then return 'PAUSED' end
  if nowMs >= tonumber(startsAt) then return 'LIVE' end
  if nowMs >= tonumber(lobbyOpensAt) then return 'LOBBY' end
  return 'BEFORE'
end
local function stepOf(lanes, lane)
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
local function parsePlace(record)
  local place, lane, region, edges, away, passUntil, picked, entered =
    string.match(record, '^([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)$')
  return {
    place = place, lane = lane, region = region, edges = edges, away = away,
    passUntil = passUntil, picked = picked, entered = entered,
  }
end
local function formatPlace(at)
  return table.concat({ at.place, at.lane, at.region, at.edges, at.away, at.passUntil, at.picked, at.entered }, '|')
end
local function ms(time) return string.format('%d', time) end
local function logPasses(passLog, what, atMs, untilMs, shoppers)
  redis.call(
    'XADD', passLog, 'MAXLEN', '~', 100000, '*',
    'what', what, 'at', string.format('%d', atMs), 'until', untilMs, 'shoppers', table.concat(shoppers, ',')
  )
end
local terms, line, places, waiting, passes, entrants, stalled, edges, passLog =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local nowMs, capacity, edge = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local FIRST_ROW, ROW_WIDTH = 4, 6
local MOST_EDGES = 8
local term = redis.call('HMGET', terms, 'state', 'lobbyOpensAt', 'startsAt', 'endsAt', 'mode', 'lanes')
local phase = phaseOf(term[1], term[2], term[3], term[4], nowMs)
local lanes = term[6]
local weights, laneCount = weightsOf(lanes)
local isOpen = phase ~= 'UNKNOWN' and phase ~= 'ENDED' and phase ~= 'BEFORE'
local inLobby = false
if isOpen and term[5] == 'lottery' and redis.call('HEXISTS', line, 'draw') == 0 then
  inLobby = nowMs < tonumber(term[3])
  if not inLobby then closeLobby(line, lanes) end
end
local calledTurn = tonumber(redis.call('HGET', line, 'turn') or '0')
if edge ~= '' then redis.call('ZADD', edges, 'GT', nowMs, edge) end
local shoppers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do shoppers[#shoppers + 1] = ARGV[at] end
if #shoppers == 0 then return {} end
local records = redis.call('HMGET', places, unpack(shoppers))
local recordNow = {}
local function keep(shopperId, at)
  local record = formatPlace(at)
  recordNow[shopperId] = record
  redis.call('HSET', places, shopperId, record)
end
local function seen(at)
  if edge == '' then
    if at.edges == '' then at.away = ms(nowMs) end
    return
  end
  at.away = ''
  if string.find(',' .. at.edges .. ',', ',' .. edge .. ',', 1, true) then return end
  local list = at.edges == '' and edge or at.edges .. ',' .. edge
  local _, commas = string.gsub(list, ',', '')
  if commas >= MOST_EDGES then list = string.match(list, '^[^,]*,(.*)$') end
  at.edges = list
end
local function enterLobby(shopperId, at, entrantId, nonce)
  if at.entered ~= '1' then
    if redis.call('LLEN', entrants) >= capacity then return { 'LINE_FULL' } end
    redis.call('RPUSH', entrants, entrantId .. '|' .. at.lane .. '|' .. shopperId .. '|' .. nonce)
    redis.call('HINCRBY', line, 'entrants:' .. at.lane, 1)
  end
  at.place, at.entered = 'lobby', '1'
  keep(shopperId, at)
  return { 'ENTERED', at.lane, at.region, redis.call('LLEN', entrants) }
end
local function waitingAt(shopperId, at, turn)
  local ahead = redis.call('ZRANK', waiting, shopperId)
  local most = laneCount > 1 and math.ceil((turn - calledTurn) * weights) - 1 or ahead
  local lastPassUntil = tonumber(at.passUntil) or 0
  return { 'WAITING', tonumber(at.place), at.lane, at.region, ahead, math.max(ahead, most), lastPassUntil }
end
local function endPass(shopperId, at)
  if redis.call('ZREM', passes, shopperId) == 0 then return end
  redis.call('SREM', stalled, shopperId)
  redis.call('HINCRBY', line, at.picked == '1' and 'lapsed' or 'noShows', 1)
  logPasses(passLog, 'ended', nowMs, 0, { shopperId })
end
local function takePlace(shopperId, at)
  endPass(shopperId, at)
  if redis.call('ZCARD', waiting) >= capacity then return { 'LINE_FULL' } end
  local lane = at.lane
  at.place = ms(redis.call('HINCRBY', line, 'tail:' .. lane, 1))
  at.picked = ''
  local before = math.max(calledTurn, tonumber(redis.call('HGET', line, 'turn:' .. lane) or '0'))
  local turn = before + stepOf(lanes, lane)
  redis.call('HSET', line, 'turn:' .. lane, turn)
  redis.call('HINCRBY', line, 'waiting:' .. lane, 1)
  redis.call('ZADD', waiting, turn, shopperId)
  keep(shopperId, at)
  return waitingAt(shopperId, at, turn)
end
local function pickUp(shopperId, at)
  local again = at.picked == '1' and 1 or 0
  if again == 0 then
    at.picked = '1'
    redis.call('ZADD', passes, at.passUntil, shopperId)
    redis.call('SREM', stalled, shopperId)
    redis.call('HINCRBY', line, 'picked', 1)
  end
  keep(shopperId, at)
  return { 'ADMITTED', tonumber(at.place), at.lane, at.region, tonumber(at.passUntil), again }
end
local function join(shopperId, record, region, lane, entrantId, nonce, mayJoin)
  if phase == 'BEFORE' then return { 'NOT_STARTED' } end
  if not isOpen then return { 'ENDED' } end
  local at = record and parsePlace(record)
    or { place = '0', lane = lane, region = region, edges = '', away = '', passUntil = '', picked = '', entered = '' }
  seen(at)
  if mayJoin ~= '1' and at.place == '0' then return { 'NO_PLACE' } end
  if inLobby then return enterLobby(shopperId, at, entrantId, nonce) end
  if at.place == 'lobby' then
    keep(shopperId, at)
    return { 'ENTERED', at.lane, at.region, redis.call('LLEN', entrants) }
  end
  if at.place ~= '0' then
    if tonumber(redis.call('ZSCORE', passes, shopperId) or '0') > nowMs then return pickUp(shopperId, at) end
    local turn = redis.call('ZSCORE', waiting, shopperId)
    if turn then
      keep(shopperId, at)
      return waitingAt(shopperId, at, tonumber(turn))
    end
    if mayJoin ~= '1' then return { 'NO_PLACE' } end
  end
  return takePlace(shopperId, at)
end
local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId, region, lane, entrantId = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local nonce, mayJoin = ARGV[at + 4], ARGV[at + 5]
  local row = #answers + 1
  local record = recordNow[shopperId] or records[row]
  answers[row] = join(shopperId, record, region, lane, entrantId, nonce, mayJoin)
end
return answers`,
} as const;

export interface LineJoinKeys {
  readonly terms: string;
  readonly line: string;
  readonly places: string;
  readonly waiting: string;
  readonly passes: string;
  readonly entrants: string;
  readonly stalled: string;
  readonly edges: string;
  readonly passLog: string;
}

export interface LineJoinArgs {
  readonly nowMs: number;
  readonly capacity: number;
  readonly edge: string;
}

export interface LineJoinRow {
  readonly shopperId: string;
  readonly region: string;
  readonly lane: string;
  readonly entrantId: string;
  readonly nonce: string;
  readonly mayJoin: number;
}

export type LineJoinReply =
  | { readonly reply: 'ENTERED'; readonly lane: string; readonly region: string; readonly entrants: number }
  | {
      readonly reply: 'WAITING';
      readonly place: number;
      readonly lane: string;
      readonly region: string;
      readonly ahead: number;
      readonly most: number;
      readonly lastPassUntilMs: number;
    }
  | {
      readonly reply: 'ADMITTED';
      readonly place: number;
      readonly lane: string;
      readonly region: string;
      readonly passUntilMs: number;
      readonly again: number;
    }
  | { readonly reply: 'NOT_STARTED' }
  | { readonly reply: 'ENDED' }
  | { readonly reply: 'LINE_FULL' }
  | { readonly reply: 'NO_PLACE' };

const shapes: ReplyShapes<LineJoinReply> = {
  ENTERED: (read) => ({ reply: 'ENTERED', lane: read.string(1), region: read.string(2), entrants: read.int(3) }),
  WAITING: (read) => ({
    reply: 'WAITING',
    place: read.int(1),
    lane: read.string(2),
    region: read.string(3),
    ahead: read.int(4),
    most: read.int(5),
    lastPassUntilMs: read.int(6),
  }),
  ADMITTED: (read) => ({
    reply: 'ADMITTED',
    place: read.int(1),
    lane: read.string(2),
    region: read.string(3),
    passUntilMs: read.int(4),
    again: read.int(5),
  }),
  NOT_STARTED: () => ({ reply: 'NOT_STARTED' }),
  ENDED: () => ({ reply: 'ENDED' }),
  LINE_FULL: () => ({ reply: 'LINE_FULL' }),
  NO_PLACE: () => ({ reply: 'NO_PLACE' }),
};

export async function lineJoin(
  runner: ScriptRunner,
  keys: LineJoinKeys,
  args: LineJoinArgs,
  rows: readonly LineJoinRow[],
): Promise<LineJoinReply[]> {
  const argv: (string | number)[] = [args.nowMs, args.capacity, args.edge];
  for (const row of rows) argv.push(row.shopperId, row.region, row.lane, row.entrantId, row.nonce, row.mayJoin);
  const raw = await runner.run(
    lineJoinScript,
    [
      keys.terms,
      keys.line,
      keys.places,
      keys.waiting,
      keys.passes,
      keys.entrants,
      keys.stalled,
      keys.edges,
      keys.passLog,
    ],
    argv,
  );
  return decodeReplies(lineJoinScript.name, raw, shapes, rows.length);
}
