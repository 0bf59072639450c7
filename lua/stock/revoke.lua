-- revoke: make the passes of shoppers void that end until a given time. A pass issued later, with a later end, counts.
-- What was claimed stays claimed. The caller frees the places of the passes on the home shard only after this.
-- @key    taken        hash  shopper → units|void|first answer, see lib/taken
-- @row    shopperId    string
-- @row    passUntilMs  int
-- @answer REVOKED
-- @include lib/taken
local taken = KEYS[1]
local FIRST_ROW, ROW_WIDTH = 1, 2

local function revoke(shopperId, passUntilMs)
  local units, void, first = parseTaken(redis.call('HGET', taken, shopperId) or NOTHING_TAKEN)
  if not void or tonumber(void) < passUntilMs then void = string.format('%d', passUntilMs) end
  redis.call('HSET', taken, shopperId, formatTaken(units, void, first))
  return { 'REVOKED' }
end

local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId, passUntilMs = ARGV[at], tonumber(ARGV[at + 1])
  answers[#answers + 1] = revoke(shopperId, passUntilMs)
end
return answers
