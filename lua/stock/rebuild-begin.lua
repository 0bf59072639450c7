-- rebuild-begin: clear what is left of a region that has lost its terms, and give it its units again.
-- None of them is for sale before rebuild-end: they are "unplaced" until then, so that no transfer takes away what a
-- claim still needs. Whoever begins later supersedes whoever began before.
-- @key   terms      hash    nothing: with terms the region is live, and nothing is touched
-- @key   stock      hash    <sku>:allocated, …, <sku>:unplaced, rebuild
-- @key   holds      hash    claim id → state|sku|quantity|shopper|until
-- @key   due        zset    claim ids by the end of their holds
-- @key   answers    hash    shopper:key → sku|quantity|claim id|until
-- @key   taken      hash    shopper → units that count towards the limit
-- @key   outbox     stream  has to be empty: PostgreSQL does not know yet what stands there
-- @key   journal    hash    transfer id → out|state|sku|units|region, in|…
-- @arg   rebuildId  string
-- @row   sku        string
-- @row   units      int
-- @reply BEGUN
-- @reply LIVE
-- @reply UNRELAYED  entries:int
local terms, stock, holds, due, answers, taken, outbox, journal =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local rebuildId = ARGV[1]
local FIRST_ROW, ROW_WIDTH = 2, 2

if redis.call('EXISTS', terms) == 1 then return { 'LIVE' } end
local entries = redis.call('XLEN', outbox)
if entries > 0 then return { 'UNRELAYED', entries } end

redis.call('UNLINK', stock, holds, due, answers, taken, journal)
-- The allocation is marked as given: publishing the drop again must not give it a second time.
redis.call('HSET', stock, 'rebuild', rebuildId, 'allocation:first', 1)
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local sku, units = ARGV[at], tonumber(ARGV[at + 1])
  redis.call('HSET', stock, sku .. ':allocated', units, sku .. ':unplaced', units)
  for _, count in ipairs({ 'in', 'out', 'available', 'held', 'sold' }) do
    redis.call('HSET', stock, sku .. ':' .. count, 0)
  end
end
return { 'BEGUN' }
