-- away: an edge has lost the last socket of each of these shoppers. Their places are kept; see admit for how long.
-- @key    places     hash   shopper → place|lane|region|…, see lib/place
-- @arg    nowMs      int
-- @arg    edge       string
-- @row    shopperId  string
-- @answer AWAY
-- @answer ELSEWHERE
-- @answer UNKNOWN
-- @include lib/place
local places = KEYS[1]
local nowMs, edge = tonumber(ARGV[1]), ARGV[2]
local FIRST_ROW, ROW_WIDTH = 3, 1

local function away(shopperId)
  local record = redis.call('HGET', places, shopperId)
  if not record then return { 'UNKNOWN' } end
  local at, others = parsePlace(record), {}
  for name in string.gmatch(at.edges, '[^,]+') do
    if name ~= edge then others[#others + 1] = name end
  end
  at.edges = table.concat(others, ',')
  if at.edges == '' then at.away = ms(nowMs) end
  redis.call('HSET', places, shopperId, formatPlace(at))
  return { at.edges == '' and 'AWAY' or 'ELSEWHERE' }
end

local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId = ARGV[at]
  answers[#answers + 1] = away(shopperId)
end
return answers
