-- Ends holds without a sale: their units go back to the stock and to their shoppers' limits, and one outbox entry tells it.
-- What the rows share is read once and written once. Returns how each hold stood before: nil where there is none.
local function releaseHolds(stock, holds, due, taken, outbox, claimIds, reason)
  local before = {}
  if #claimIds == 0 then return before end
  local records = redis.call('HMGET', holds, unpack(claimIds))
  local shoppers, released, ended, units = {}, {}, {}, {}
  for i, claimId in ipairs(claimIds) do
    if records[i] then
      local state, sku, quantity, shopperId, untilMs = parseHold(records[i])
      -- The same claim twice in one call: the second one finds it ended.
      if ended[claimId] then state = reason end
      before[i] = state
      if state == 'held' then
        ended[claimId] = table.concat({ reason, sku, quantity, shopperId, untilMs }, '|')
        units[sku] = (units[sku] or 0) + quantity
        shoppers[shopperId] = (shoppers[shopperId] or 0) + quantity
        append(released, 'released', table.concat({ claimId, sku, quantity, shopperId, reason }, '|'))
      end
    end
  end
  if #released == 0 then return before end

  local newRecords, gone = {}, {}
  for claimId, record in pairs(ended) do
    append(newRecords, claimId, record)
    gone[#gone + 1] = claimId
  end
  redis.call('HSET', holds, unpack(newRecords))
  redis.call('ZREM', due, unpack(gone))
  for sku, count in pairs(units) do
    redis.call('HINCRBY', stock, sku .. ':held', -count)
    redis.call('HINCRBY', stock, sku .. ':available', count)
  end
  for shopperId, count in pairs(shoppers) do
    if redis.call('HINCRBY', taken, shopperId, -count) <= 0 then redis.call('HDEL', taken, shopperId) end
  end
  redis.call('XADD', outbox, '*', unpack(released))
  return before
end
