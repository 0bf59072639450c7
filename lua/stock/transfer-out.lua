-- transfer-out: take unsold units out of this region, on their way to another. First of two steps.
-- From here until transfer-in the units are in nobody's stock: they cannot be sold twice, whatever dies. The journal
-- says what is on its way, so that whoever leads next finishes it.
-- @key   stock       hash   <sku>:available, <sku>:out, …
-- @key   journal     hash   transfer id → out|state|sku|units|region, in|…; mark|out|region
-- @arg   transferId  string
-- @arg   sku         string
-- @arg   units       int
-- @arg   toRegion    string
-- @reply SENT
-- @reply REPLAYED
-- @reply KEY_REUSED
-- @reply STALE
-- @reply SHORT       available:int
local stock, journal = KEYS[1], KEYS[2]
local transferId, sku, units, toRegion = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]

local content = table.concat({ sku, units, toRegion }, '|')
local known = redis.call('HGET', journal, transferId)
if known then
  return { (known == 'out|open|' .. content or known == 'out|done|' .. content) and 'REPLAYED' or 'KEY_REUSED' }
end
-- Below the mark the receiver takes everything for arrived: what left now would be lost.
local mark = redis.call('HGET', journal, 'mark|out|' .. toRegion)
if mark and transferId <= mark then return { 'STALE' } end

local available = tonumber(redis.call('HGET', stock, sku .. ':available') or '0')
if units <= 0 or available < units then return { 'SHORT', available } end
redis.call('HINCRBY', stock, sku .. ':available', -units)
redis.call('HINCRBY', stock, sku .. ':out', units)
redis.call('HSET', journal, transferId, 'out|open|' .. content)
return { 'SENT' }
