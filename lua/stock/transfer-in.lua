-- transfer-in: put units that left another region into this one. Second of two steps, once for each transfer.
-- Below the mark of its sender a transfer is no news, however late it comes: it has arrived and was settled, or its
-- sender was rebuilt as if it had never been sent.
-- @key   stock       hash   <sku>:available, <sku>:in, …
-- @key   journal     hash   transfer id → out|state|sku|units|region, in|…; mark|in|region
-- @key   news        channel skus that are to be had again
-- @arg   transferId  string
-- @arg   sku         string
-- @arg   units       int
-- @arg   fromRegion  string
-- @reply RECEIVED
-- @reply REPLAYED
-- @reply KEY_REUSED
local stock, journal, news = KEYS[1], KEYS[2], KEYS[3]
local transferId, sku, units, fromRegion = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]

local entry = 'in|' .. table.concat({ sku, units, fromRegion }, '|')
local known = redis.call('HGET', journal, transferId)
if known then return { known == entry and 'REPLAYED' or 'KEY_REUSED' } end
local mark = redis.call('HGET', journal, 'mark|in|' .. fromRegion)
if mark and transferId <= mark then return { 'REPLAYED' } end

redis.call('HSET', journal, transferId, entry)
redis.call('HINCRBY', stock, sku .. ':in', units)
local available = redis.call('HINCRBY', stock, sku .. ':available', units)
if available == units then redis.call('PUBLISH', news, sku) end
for _, count in ipairs({ 'allocated', 'out', 'held', 'sold' }) do
  redis.call('HSETNX', stock, sku .. ':' .. count, 0)
end
return { 'RECEIVED' }
