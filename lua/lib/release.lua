-- Takes units off what counts towards the limits of shoppers: two commands for all of them; with two for each, ending
-- 100,000 holds took 1.7 s instead of 0.9 s. A shopper who has none left stays, as one who has won before: see claim.
local function returnLimits(taken, shoppers)
  local ids, changed = {}, {}
  for shopperId in pairs(shoppers) do ids[#ids + 1] = shopperId end
  local records = redis.call('HMGET', taken, unpack(ids))
  for i, shopperId in ipairs(ids) do
    local units, void, first = parseTaken(records[i] or NOTHING_TAKEN)
    append(changed, shopperId, formatTaken(math.max(0, units - shoppers[shopperId]), void, first))
  end
  redis.call('HSET', taken, unpack(changed))
end

-- Ends holds without a sale: their units go back to the stock and to their shoppers' limits, and one outbox entry tells it.
-- Where there was nothing, it is told at once that there is something again.
-- What the rows share is read once and written once. Returns how each hold stood before: nil where there is none.
-- A hold that lasts longer than `endedByMs`, where that is given, was given more time: it is left alone, and called 'lasting'.
local function releaseHolds(stock, holds, taken, outbox, news, claimIds, reason, endedByMs)
  local before = {}
  if #claimIds == 0 then return before end
  local records = redis.call('HMGET', holds, unpack(claimIds))
  local shoppers, released, ended, newRecords, units = {}, {}, {}, {}, {}
  for i, claimId in ipairs(claimIds) do
    local record = records[i]
    if record then
      local state, sku, quantity, shopperId, untilMs = parseHold(record)
      -- The same claim twice in one call: the second one finds it ended.
      if ended[claimId] then state = reason end
      if state == 'held' and endedByMs and tonumber(untilMs) > endedByMs then state = 'lasting' end
      before[i] = state
      if state == 'held' then
        ended[claimId] = true
        append(newRecords, claimId, reason .. string.sub(record, #state + 1))
        units[sku] = (units[sku] or 0) + quantity
        shoppers[shopperId] = (shoppers[shopperId] or 0) + quantity
        append(released, 'released', claimId .. '|' .. sku .. '|' .. quantity .. '|' .. shopperId .. '|' .. reason)
      end
    end
  end
  if next(ended) == nil then return before end

  redis.call('HSET', holds, unpack(newRecords))
  for sku, count in pairs(units) do
    redis.call('HINCRBY', stock, sku .. ':held', -count)
    local available = redis.call('HINCRBY', stock, sku .. ':available', count)
    if available == count then redis.call('PUBLISH', news, sku) end
    -- With held and sold: all that was ever claimed. What a region asks for is read from its growth.
    redis.call('HINCRBY', stock, sku .. ':released', count)
  end
  returnLimits(taken, shoppers)
  redis.call('XADD', outbox, '*', unpack(released))
  return before
end
