-- rebuild-transfers: put back the journal of a region that is being rebuilt, and move its unplaced units accordingly.
-- Each transfer counts once. One that left is noted as arrived: only arrived ones are known. Where they were settled, the
-- id is that of their sum.
-- @key    terms       hash    nothing: with terms the region is live, and nothing is touched
-- @key    stock       hash    <sku>:in, <sku>:out, <sku>:unplaced, rebuild
-- @key    journal     hash    transfer id → out|state|sku|units|region, in|…; sum|direction|region|sku
-- @arg    rebuildId   string
-- @row    transferId  string
-- @row    direction   string
-- @row    sku         string
-- @row    units       int
-- @row    region      string
-- @answer RESTORED
-- @answer REPLAYED
-- @answer LIVE
-- @answer SUPERSEDED
-- @answer SHORT       unplaced:int
local terms, stock, journal = KEYS[1], KEYS[2], KEYS[3]
local rebuildId = ARGV[1]
local FIRST_ROW, ROW_WIDTH = 2, 5

local closed
if redis.call('EXISTS', terms) == 1 then closed = 'LIVE'
elseif redis.call('HGET', stock, 'rebuild') ~= rebuildId then closed = 'SUPERSEDED' end

local function restore(transferId, direction, sku, units, region)
  if closed then return { closed } end
  if redis.call('HEXISTS', journal, transferId) == 1 then return { 'REPLAYED' } end
  local unplaced = tonumber(redis.call('HGET', stock, sku .. ':unplaced') or '0')
  local change = direction == 'in' and units or -units
  if unplaced + change < 0 then return { 'SHORT', unplaced } end
  local content = (direction == 'in' and 'in|' or 'out|done|') .. table.concat({ sku, units, region }, '|')
  redis.call('HSET', journal, transferId, string.sub(transferId, 1, 4) == 'sum|' and units or content)
  redis.call('HINCRBY', stock, sku .. ':' .. direction, units)
  redis.call('HINCRBY', stock, sku .. ':unplaced', change)
  for _, count in ipairs({ 'allocated', 'in', 'out', 'available', 'held', 'sold' }) do
    redis.call('HSETNX', stock, sku .. ':' .. count, 0)
  end
  return { 'RESTORED' }
end

local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local transferId, direction, sku, units = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  local region = ARGV[at + 4]
  answers[#answers + 1] = restore(transferId, direction, sku, units, region)
end
return answers
