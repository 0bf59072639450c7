-- transfer-settle: let the transfers to one region go that have arrived there. What they moved stays known as a sum,
-- and a mark says up to which id nothing can leave for that region any more.
-- Nothing that is still open may lie below the mark: to the receiver, the mark will mean "has arrived".
-- @key   journal    hash    transfer id → out|state|sku|units|region, in|…; sum|out|region|sku, mark|out|region, …
-- @arg   toRegion   string
-- @arg   upToId     string
-- @reply SETTLED    transfers:int
-- @reply OPEN
local journal = KEYS[1]
local toRegion, upToId = ARGV[1], ARGV[2]

local flat = redis.call('HGETALL', journal)
local done, sums = {}, {}
for at = 1, #flat, 2 do
  local transferId, entry = flat[at], flat[at + 1]
  local state, sku, units, region = string.match(entry, '^out|([^|]+)|([^|]+)|(%d+)|([^|]+)$')
  if region == toRegion and transferId <= upToId then
    if state == 'open' then return { 'OPEN' } end
    done[#done + 1] = transferId
    sums[sku] = (sums[sku] or 0) + tonumber(units)
  end
end

for sku, units in pairs(sums) do redis.call('HINCRBY', journal, 'sum|out|' .. toRegion .. '|' .. sku, units) end
for _, transferId in ipairs(done) do redis.call('HDEL', journal, transferId) end
local mark = 'mark|out|' .. toRegion
if (redis.call('HGET', journal, mark) or '') < upToId then redis.call('HSET', journal, mark, upToId) end
return { 'SETTLED', #done }
