-- save: write the cart of a guest, if nobody else has written it meanwhile.
-- @key   cart      hash    v (version), b (body)
-- @arg   expected  int
-- @arg   version   int
-- @arg   body      string
-- @arg   keptMs    int
-- @reply SAVED
-- @reply CHANGED
local cart = KEYS[1]
local expected, version, body, keptMs = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])

if tonumber(redis.call('HGET', cart, 'v') or '0') ~= expected then return { 'CHANGED' } end
redis.call('HSET', cart, 'v', string.format('%.0f', version), 'b', body)
redis.call('PEXPIRE', cart, keptMs)
return { 'SAVED' }
