-- What a shopper has of a drop in a region: units|end of the last pass that is void. The second part may be missing.
local function parseTaken(record)
  local units, void = string.match(record, '^(%d+)|?(%d*)$')
  return tonumber(units), void ~= '' and void or nil
end

local function formatTaken(units, void)
  return void and string.format('%d|%s', units, void) or string.format('%d', units)
end
