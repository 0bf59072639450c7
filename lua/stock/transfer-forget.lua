-- transfer-forget: the receiver's side of transfer-settle: what came from one region, up to the mark that is set there,
-- stays known as a sum. Whatever comes again below the mark has arrived before, or must not arrive any more.
-- @key   journal     hash    transfer id → out|state|sku|units|region, in|…; sum|in|region|sku, mark|in|region, …
-- @arg   fromRegion  string
-- @arg   upToId      string
-- @reply FORGOTTEN   transfers:int
local journal = KEYS[1]
local fromRegion, upToId = ARGV[1], ARGV[2]

local flat = redis.call('HGETALL', journal)
local arrived, sums = {}, {}
for at = 1, #flat, 2 do
  local transferId, entry = flat[at], flat[at + 1]
  local sku, units, region = string.match(entry, '^in|([^|]+)|(%d+)|([^|]+)$')
  if region == fromRegion and transferId <= upToId then
    arrived[#arrived + 1] = transferId
    sums[sku] = (sums[sku] or 0) + tonumber(units)
  end
end

for sku, units in pairs(sums) do redis.call('HINCRBY', journal, 'sum|in|' .. fromRegion .. '|' .. sku, units) end
for _, transferId in ipairs(arrived) do redis.call('HDEL', journal, transferId) end
local mark = 'mark|in|' .. fromRegion
if (redis.call('HGET', journal, mark) or '') < upToId then redis.call('HSET', journal, mark, upToId) end
return { 'FORGOTTEN', #arrived }
