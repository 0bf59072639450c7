-- snapshot: read the ledger of a (drop, region) and how much hangs on it, all of one moment.
-- @key   terms    hash    state, revision
-- @key   stock    hash    <sku>:allocated, <sku>:in, <sku>:out, <sku>:available, <sku>:held, <sku>:sold
-- @key   holds    hash    claim id → state|sku|quantity|shopper|until
-- @key   taken    hash    shopper → units|void|first answer, see lib/taken
-- @key   outbox   stream  events that are not relayed yet
-- @reply SNAPSHOT  state:string holds:int shoppers:int outbox:int skus:string[] counts:int[]
local terms, stock, holds, taken, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

-- Six counts a sku, in this order. The state is empty where the region has lost its terms, or never had any.
local COUNTS = { 'allocated', 'in', 'out', 'available', 'held', 'sold' }

local values, skus = {}, {}
local flat = redis.call('HGETALL', stock)
for i = 1, #flat, 2 do
  values[flat[i]] = flat[i + 1]
  local sku = string.match(flat[i], '^(.+):allocated$')
  if sku then skus[#skus + 1] = sku end
end
table.sort(skus)

local counts = {}
for _, sku in ipairs(skus) do
  for _, count in ipairs(COUNTS) do
    counts[#counts + 1] = tonumber(values[sku .. ':' .. count] or '0')
  end
end
return {
  'SNAPSHOT',
  redis.call('HGET', terms, 'state') or '',
  redis.call('HLEN', holds),
  redis.call('HLEN', taken),
  redis.call('XLEN', outbox),
  skus,
  counts,
}
