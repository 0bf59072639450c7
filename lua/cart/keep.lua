-- keep: put a copy of an account's cart beside the database, unless somebody is writing a newer one.
-- Who writes takes the copy away and puts their name into `writing` before they commit; whatever they do then, crash
-- included, no older copy is taken for the cart: while the name stands, only its bearer may keep one.
-- @key   cart     hash    v (version), b (body)
-- @key   writing  string  who is writing
-- @arg   writer   string
-- @arg   version  int
-- @arg   body     string
-- @arg   keptMs   int
-- @reply KEPT
-- @reply PASSED
local cart, writing = KEYS[1], KEYS[2]
local writer, version, body, keptMs = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])

local by = redis.call('GET', writing)
if by and by ~= writer then return { 'PASSED' } end
if by then redis.call('DEL', writing) end
if tonumber(redis.call('HGET', cart, 'v') or '0') >= version then return { 'PASSED' } end
redis.call('HSET', cart, 'v', string.format('%.0f', version), 'b', body)
redis.call('PEXPIRE', cart, keptMs)
return { 'KEPT' }
