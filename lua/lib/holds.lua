-- The record of a hold is state|sku|quantity|shopper|until. The state is 'held', or how the hold ended.
local function parseHold(record)
  local state, sku, quantity, shopperId, untilMs = string.match(record, '^([^|]+)|([^|]+)|(%d+)|([^|]+)|(%d+)$')
  return state, sku, tonumber(quantity), shopperId, untilMs
end

-- Adds pairs to a flat list, as HSET and ZADD take them.
local function append(list, first, second)
  list[#list + 1] = first
  list[#list + 1] = second
end
