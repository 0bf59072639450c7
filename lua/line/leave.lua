-- leave: give up the places of a batch of shoppers, called or not, so that nobody waits behind them.
-- @key    places     hash   shopper → place|region
-- @key    waiting    zset   shopper by place
-- @key    passes     zset   shopper by the end of their pass
-- @row    shopperId  string
-- @answer LEFT
-- @answer UNKNOWN
local places, waiting, passes = KEYS[1], KEYS[2], KEYS[3]
local FIRST_ROW, ROW_WIDTH = 1, 1

local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId = ARGV[at]
  local had = redis.call('HDEL', places, shopperId)
  redis.call('ZREM', waiting, shopperId)
  redis.call('ZREM', passes, shopperId)
  answers[#answers + 1] = { had == 1 and 'LEFT' or 'UNKNOWN' }
end
return answers
