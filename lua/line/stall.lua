-- stall: these shoppers have a pass and were told that nothing is left where they claim. They keep it, for what may come
-- back; but what is left elsewhere must not wait for them, so others are called beside them, within the caps.
-- @key    passes     zset   shopper by the end of their pass
-- @key    stalled    set    who has a pass and nothing to claim
-- @row    shopperId  string
-- @answer STALLED
-- @answer NO_PASS
local passes, stalled = KEYS[1], KEYS[2]
local FIRST_ROW, ROW_WIDTH = 1, 1

local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId = ARGV[at]
  if redis.call('ZSCORE', passes, shopperId) then
    redis.call('SADD', stalled, shopperId)
    answers[#answers + 1] = { 'STALLED' }
  else
    answers[#answers + 1] = { 'NO_PASS' }
  end
end
return answers
