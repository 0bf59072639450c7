-- rebuild-end: put what no claim has taken on sale again, by publishing the terms last.
-- Everything that was to come back has to be there: a region that opens with a claim missing would sell its units twice.
-- @key   terms      hash    revision, state, times, limits
-- @key   stock      hash    <sku>:unplaced, <sku>:available, rebuild
-- @key   holds      hash    claim id → state|sku|quantity|shopper|until
-- @key   journal    hash    transfer id → out|state|sku|units|region, in|…; mark|direction|region
-- @arg   rebuildId  string
-- @arg   revision   int
-- @arg   claims     int
-- @arg   transfers  int
-- @row   field      string
-- @row   value      string
-- @reply PUBLISHED
-- @reply LIVE
-- @reply SUPERSEDED
-- @reply INCOMPLETE  claims:int transfers:int
local terms, stock, holds, journal = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local rebuildId, revision, claims, transfers = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local FIRST_ROW, ROW_WIDTH = 5, 2

local ours = redis.call('HGET', stock, 'rebuild') == rebuildId
-- Live by this very rebuild: its answer was lost on the way.
if redis.call('EXISTS', terms) == 1 then return { ours and 'PUBLISHED' or 'LIVE' } end
if not ours then return { 'SUPERSEDED' } end
local restored, moved = redis.call('HLEN', holds), 0
for _, field in ipairs(redis.call('HKEYS', journal)) do
  if string.sub(field, 1, 5) ~= 'mark|' then moved = moved + 1 end
end
-- More transfers than were put back is fine: one may have arrived meanwhile.
if restored ~= claims or moved < transfers then return { 'INCOMPLETE', restored, moved } end

for _, field in ipairs(redis.call('HKEYS', stock)) do
  local sku = string.match(field, '^(.+):unplaced$')
  if sku then
    redis.call('HINCRBY', stock, sku .. ':available', tonumber(redis.call('HGET', stock, field)))
    redis.call('HDEL', stock, field)
  end
end
redis.call('HSET', terms, 'revision', revision)
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local field, value = ARGV[at], ARGV[at + 1]
  redis.call('HSET', terms, field, value)
end
return { 'PUBLISHED' }
