-- What a shopper has of a drop in a region: units|void|first. The units count towards the limit; passes that end until
-- `void` do not count any more; `first` is the key of their first claim and its answer, key|sku|quantity|claim|until.
-- Most shoppers claim once, so their answer needs no entry of its own: one entry less to find, fill and keep for each.
local NOTHING_TAKEN = '0||'

local function parseTaken(record)
  local units, void, first = string.match(record, '^(%d+)|(%d*)|(.*)$')
  return tonumber(units), void ~= '' and void or nil, first
end

local function formatTaken(units, void, first)
  return string.format('%d|%s|%s', units, void or '', first)
end

-- The answer to this key, where it is that of the first claim.
local function firstAnswerTo(key, first)
  if string.sub(first, 1, #key + 1) == key .. '|' then return string.sub(first, #key + 2) end
end
