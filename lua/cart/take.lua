-- take: take the copy of an account's cart away, in the name of who is about to write the database (lua/cart/keep.lua).
-- @key   cart     hash    v (version), b (body)
-- @key   writing  string  who is writing
-- @arg   writer   string
-- @arg   nameMs   int     how long the name stands, should its bearer die
-- @reply TAKEN
local cart, writing = KEYS[1], KEYS[2]
local writer, nameMs = ARGV[1], tonumber(ARGV[2])

redis.call('DEL', cart)
redis.call('SET', writing, writer, 'PX', nameMs)
return { 'TAKEN' }
