-- leave: give up the places of a batch of shoppers, called or not, so that nobody waits behind them.
-- Their region stays: see join.
-- @key    places     hash   shopper → place|region; place 0 for who has left
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
  local place, region = string.match(redis.call('HGET', places, shopperId) or '', '^(%d+)|(.+)$')
  local here = place ~= nil and place ~= '0'
  if here then
    redis.call('HSET', places, shopperId, '0|' .. region)
    redis.call('ZREM', waiting, shopperId)
    redis.call('ZREM', passes, shopperId)
  end
  answers[#answers + 1] = { here and 'LEFT' or 'UNKNOWN' }
end
return answers
