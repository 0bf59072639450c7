-- allocate: give units to a (drop, region), once for each allocation id.
-- Invariant 1: a warm-up after a restart runs this again, and the second run changes nothing.
-- @key   stock         hash   <sku>:allocated, <sku>:in, <sku>:out, <sku>:available, <sku>:held, <sku>:sold
-- @arg   allocationId  string
-- @row   sku           string
-- @row   units         int
-- @reply ALLOCATED
-- @reply REPLAYED
local stock = KEYS[1]
local allocationId = ARGV[1]
local FIRST_ROW, ROW_WIDTH = 2, 2

if redis.call('HSETNX', stock, 'allocation:' .. allocationId, 1) == 0 then return { 'REPLAYED' } end

for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local sku, units = ARGV[at], tonumber(ARGV[at + 1])
  redis.call('HINCRBY', stock, sku .. ':allocated', units)
  redis.call('HINCRBY', stock, sku .. ':available', units)
  for _, count in ipairs({ 'in', 'out', 'held', 'sold' }) do
    redis.call('HSETNX', stock, sku .. ':' .. count, 0)
  end
end
return { 'ALLOCATED' }
