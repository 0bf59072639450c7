-- release: end holds without a sale, for a reason: a declined payment, a cancelled order.
-- Invariant 8: a hold ends once. Whoever comes second learns how it ended.
-- @key    stock    hash    <sku>:available, <sku>:held, …
-- @key    holds    hash    claim id → state|sku|quantity|shopper|until
-- @key    taken    hash    shopper → units|void|first answer, see lib/taken
-- @key    outbox   stream  what was released
-- @key    news     channel skus that are to be had again
-- @arg    reason   string
-- @row    claimId  string
-- @answer RELEASED
-- @answer ALREADY  endedAs:string
-- @answer UNKNOWN
-- @include lib/holds
-- @include lib/taken
-- @include lib/release
local stock, holds, taken, outbox, news = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local reason = ARGV[1]
local FIRST_ROW, ROW_WIDTH = 2, 1

local claimIds = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local claimId = ARGV[at]
  claimIds[#claimIds + 1] = claimId
end

local before = releaseHolds(stock, holds, taken, outbox, news, claimIds, reason)
local answers = {}
for i = 1, #claimIds do
  if not before[i] then answers[i] = { 'UNKNOWN' }
  elseif before[i] == 'held' then answers[i] = { 'RELEASED' }
  else answers[i] = { 'ALREADY', before[i] } end
end
return answers
