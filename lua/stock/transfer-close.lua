-- transfer-close: note in the sending region that a transfer has arrived, so that nobody looks after it again.
-- @key   journal     hash   transfer id → out|state|sku|units|region, in|…
-- @arg   transferId  string
-- @reply CLOSED
-- @reply UNKNOWN
local journal = KEYS[1]
local transferId = ARGV[1]

local known = redis.call('HGET', journal, transferId)
if not known or string.sub(known, 1, 4) ~= 'out|' then return { 'UNKNOWN' } end
redis.call('HSET', journal, transferId, 'out|done|' .. string.match(known, '^out|[^|]+|(.+)$'))
return { 'CLOSED' }
