-- rebuild: put back a batch of claims of a region that has lost its data, each once.
-- A claim comes back as it stands now: held, sold, or how it ended. Its answer comes back in any case, so that a
-- repeated key is not sold a second time (invariant 4). 'expired' is told to the outbox: nobody else knows of it yet.
-- @key    terms        hash    nothing: with terms the region is live, and nothing is touched
-- @key    stock        hash    <sku>:unplaced, <sku>:held, <sku>:sold, rebuild
-- @key    holds        hash    claim id → state|sku|quantity|shopper|until
-- @key    due          zset    claim ids by the end of their holds
-- @key    answers      hash    shopper:key → sku|quantity|claim id|until, but for the first of each shopper
-- @key    taken        hash    shopper → units|void|first answer, see lib/taken
-- @key    outbox       stream  what was released
-- @arg    rebuildId    string
-- @row    claimId      string
-- @row    key          string
-- @row    shopperId    string
-- @row    sku          string
-- @row    quantity     int
-- @row    holdUntilMs  int
-- @row    state        string
-- @answer RESTORED
-- @answer REPLAYED
-- @answer LIVE
-- @answer SUPERSEDED
-- @answer UNKNOWN_SKU
-- @answer SHORT        unplaced:int
-- @include lib/taken
local terms, stock, holds, due, answers, taken, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local rebuildId = ARGV[1]
local FIRST_ROW, ROW_WIDTH = 2, 7

local closed
if redis.call('EXISTS', terms) == 1 then closed = 'LIVE'
elseif redis.call('HGET', stock, 'rebuild') ~= rebuildId then closed = 'SUPERSEDED' end

local function place(sku, quantity, state)
  local unplaced = tonumber(redis.call('HGET', stock, sku .. ':unplaced'))
  if not unplaced then return { 'UNKNOWN_SKU' } end
  if unplaced < quantity then return { 'SHORT', unplaced } end
  redis.call('HINCRBY', stock, sku .. ':unplaced', -quantity)
  redis.call('HINCRBY', stock, sku .. ':' .. state, quantity)
end

-- Whoever won has an entry, be it of 0 units: see claim. Without a key it was claimed before keys were kept: nobody can
-- repeat it. Which passes were void is not known any more.
local function remember(shopperId, key, units, answer)
  local before, void, first = parseTaken(redis.call('HGET', taken, shopperId) or NOTHING_TAKEN)
  if key ~= '' then
    if first == '' then first = key .. '|' .. answer
    else redis.call('HSET', answers, shopperId .. ':' .. key, answer) end
  end
  redis.call('HSET', taken, shopperId, formatTaken(before + units, void, first))
end

local function restore(claimId, key, shopperId, sku, quantity, holdUntilMs, state)
  if closed then return { closed } end
  if redis.call('HEXISTS', holds, claimId) == 1 then return { 'REPLAYED' } end
  if state == 'held' or state == 'sold' then
    local refusal = place(sku, quantity, state)
    if refusal then return refusal end
  end
  if state == 'held' then redis.call('ZADD', due, holdUntilMs, claimId) end
  if state == 'expired' then
    redis.call('XADD', outbox, '*', 'released', table.concat({ claimId, sku, quantity, shopperId, state }, '|'))
  end
  redis.call('HSET', holds, claimId, table.concat({ state, sku, quantity, shopperId, holdUntilMs }, '|'))
  remember(shopperId, key, (state == 'held' or state == 'sold') and quantity or 0,
    table.concat({ sku, quantity, claimId, holdUntilMs }, '|'))
  return { 'RESTORED' }
end

local replies = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local claimId, key, shopperId, sku, quantity = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4])
  local holdUntilMs, state = ARGV[at + 5], ARGV[at + 6]
  replies[#replies + 1] = restore(claimId, key, shopperId, sku, quantity, holdUntilMs, state)
end
return replies
