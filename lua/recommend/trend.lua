-- trend: count what shoppers look at and buy, each moment of less weight the longer it lies back.
-- A score grows by weight × 2^(time since the landmark ÷ half-life): old ones need not be touched to be worth less. Before
-- numbers grow too large, the landmark moves and the scores are divided. What Kafka brings again is known by its offset. An
-- old offset of something that happened well after the last was counted is a topic that was made anew: it counts from 0 on.
-- @key   trending    zset    product id by score
-- @key   state       hash    landmarkMs, and of each partition the last offset that was counted, and when (partition@)
-- @arg   partition   string
-- @arg   nowMs       int
-- @arg   halfLifeMs  int
-- @arg   most        int
-- @arg   keptMs      int
-- @row   offset      int
-- @row   productId   string
-- @row   weight      int
-- @row   atMs        int
-- @reply COUNTED     rows:int
local trending, state = KEYS[1], KEYS[2]
local partition, nowMs, halfLifeMs, most, keptMs = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local FIRST_ROW, ROW_WIDTH = 6, 4
local MOST_HALF_LIVES = 200
-- So far the clocks of two machines may be apart.
local APART_MS = 300000

local landmarkMs = tonumber(redis.call('HGET', state, 'landmarkMs') or tostring(nowMs))
if nowMs - landmarkMs > MOST_HALF_LIVES * halfLifeMs then
  local factor = 2 ^ ((landmarkMs - nowMs) / halfLifeMs)
  local old = redis.call('ZRANGE', trending, 0, -1, 'WITHSCORES')
  for at = 1, #old, 2 do
    redis.call('ZADD', trending, string.format('%.17g', tonumber(old[at + 1]) * factor), old[at])
  end
  landmarkMs = nowMs
end
redis.call('HSET', state, 'landmarkMs', string.format('%.0f', landmarkMs))

local last = tonumber(redis.call('HGET', state, partition) or '-1')
local lastMs = tonumber(redis.call('HGET', state, partition .. '@') or '0')
local counted, newest = 0, last
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local offset, productId, weight, atMs = tonumber(ARGV[at]), ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  if offset <= last and atMs > lastMs + APART_MS then last, newest = -1, -1 end
  if offset > last then
    local halfLives = (math.min(atMs, nowMs) - landmarkMs) / halfLifeMs
    redis.call('ZINCRBY', trending, string.format('%.17g', weight * 2 ^ halfLives), productId)
    counted = counted + 1
    if offset > newest then newest = offset end
  end
end
redis.call('HSET', state, partition, string.format('%.0f', newest))
if counted > 0 then redis.call('HSET', state, partition .. '@', string.format('%.0f', nowMs)) end
redis.call('ZREMRANGEBYRANK', trending, 0, -(most + 1))
redis.call('PEXPIRE', trending, keptMs)
redis.call('PEXPIRE', state, keptMs)
return { 'COUNTED', counted }
