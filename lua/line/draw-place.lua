-- draw-place: give a batch of entrants the places that the draw made for them.
-- Who has left stays so; who has a place already keeps it: a draw that is finished by a second leader changes nothing.
-- Read and written with three commands for all rows: beside the draw the line goes on, and a call is bounded by its rows.
-- @key    terms      hash   lanes
-- @key    line       hash   draw; by lane waiting
-- @key    places     hash   shopper → place|lane|…; place is lobby before the draw, 0 for who has left
-- @key    waiting    zset   shopper by turn
-- @row    shopperId  string
-- @row    place      int
-- @answer PLACED
-- @answer REPLAYED
-- @answer LEFT
-- @answer UNKNOWN
-- @answer OPEN
-- @include lib/lanes
local terms, line, places, waiting = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local FIRST_ROW, ROW_WIDTH = 1, 2

local closed = redis.call('HEXISTS', line, 'draw') == 1
local lanes = redis.call('HGET', terms, 'lanes')
local ids = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do ids[#ids + 1] = ARGV[at] end
if #ids == 0 then return {} end
local records = redis.call('HMGET', places, unpack(ids))

local newPlaces, newWaiting, placed, steps, waitingIn = {}, {}, {}, {}, {}
-- Looked up once a lane, not once a row.
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
return answers
