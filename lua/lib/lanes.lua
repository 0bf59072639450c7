-- The lanes of a drop are written as name=weight,name=weight. Place k of a lane has the turn k / weight, and who has the
-- smaller turn is called first: a lane of weight 3 moves three places in the time of one place of a lane of weight 1.
local function stepOf(lanes, lane)
  for name, weight in string.gmatch(lanes or '', '([^=,]+)=(%d+)') do
    if name == lane then return 1 / tonumber(weight) end
  end
  return 1
end

-- The turn of a place. Divided, not added up: the same place has the same turn whoever computes it, and when.
local function turnOf(lanes, lane, place)
  return tonumber(place) * stepOf(lanes, lane)
end

-- Makes the list of entrants final, once: whoever comes first at or after the start does it, in the step of what they came
-- for. From here on a lane's places go on behind those of its entrants.
local function closeLobby(line, lanes)
  if redis.call('HSETNX', line, 'draw', 'closed') == 0 then return false end
  for lane in string.gmatch(lanes or '', '([^=,]+)=%d+') do
    local entrants = tonumber(redis.call('HGET', line, 'entrants:' .. lane) or '0')
    redis.call('HSET', line, 'tail:' .. lane, entrants, 'turn:' .. lane, turnOf(lanes, lane, entrants))
  end
  return true
end

-- The weights of all lanes together, and how many lanes there are.
local function weightsOf(lanes)
  local weights, count = 0, 0
  for weight in string.gmatch(lanes or '', '[^=,]+=(%d+)') do
    weights, count = weights + tonumber(weight), count + 1
  end
  return weights, count
end
