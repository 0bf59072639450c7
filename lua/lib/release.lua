-- Takes units off what counts towards the limits of shoppers: three commands for all of them; with two for each, ending
-- 100,000 holds took 1.7 s instead of 0.9 s.
local function returnLimits(taken, shoppers)
  local ids, less, none = {}, {}, {}
  for shopperId in pairs(shoppers) do ids[#ids + 1] = shopperId end
  local counts = redis.call('HMGET', taken, unpack(ids))
  for i, shopperId in ipairs(ids) do
    local left = tonumber(counts[i] or '0') - shoppers[shopperId]
    if left > 0 then append(less, shopperId, left) else none[#none + 1] = shopperId end
  end
  if #less > 0 then redis.call('HSET', taken, unpack(less)) end
  if #none > 0 then redis.call('HDEL', taken, unpack(none)) end
end

-- Ends holds without a sale: their units go back to the stock and to their shoppers' limits, and one outbox entry tells it.
-- What the rows share is read once and written once. Returns how each hold stood before: nil where there is none.
-- Without `due` the caller has taken the holds off the list of what is due itself.
local function releaseHolds(stock, holds, due, taken, outbox, claimIds, reason)
  local before = {}
  if #claimIds == 0 then return before end
  local records = redis.call('HMGET', holds, unpack(claimIds))
  local shoppers, released, ended, gone, newRecords, units = {}, {}, {}, {}, {}, {}
  for i, claimId in ipairs(claimIds) do
    local record = records[i]
    if record then
      local state, sku, quantity, shopperId = parseHold(record)
      -- The same claim twice in one call: the second one finds it ended.
      if ended[claimId] then state = reason end
      before[i] = state
      if state == 'held' then
        ended[claimId] = true
        gone[#gone + 1] = claimId
        append(newRecords, claimId, reason .. string.sub(record, #state + 1))
        units[sku] = (units[sku] or 0) + quantity
        shoppers[shopperId] = (shoppers[shopperId] or 0) + quantity
        append(released, 'released', claimId .. '|' .. sku .. '|' .. quantity .. '|' .. shopperId .. '|' .. reason)
      end
    end
  end
  if #gone == 0 then return before end

  redis.call('HSET', holds, unpack(newRecords))
  if due then redis.call('ZREM', due, unpack(gone)) end
  for sku, count in pairs(units) do
    redis.call('HINCRBY', stock, sku .. ':held', -count)
    redis.call('HINCRBY', stock, sku .. ':available', count)
    -- With held and sold: all that was ever claimed. What a region asks for is read from its growth.
    redis.call('HINCRBY', stock, sku .. ':released', count)
  end
  returnLimits(taken, shoppers)
  redis.call('XADD', outbox, '*', unpack(released))
  return before
end
