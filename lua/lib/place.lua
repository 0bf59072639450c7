-- The record of a shopper in a line, place|lane|region|edges|away|passUntil|picked|entered:
-- place      their number in the lane; lobby before the draw; 0 for who has none any more
-- edges      the edges that have a socket of theirs, with commas
-- away       since when no edge has one, or when they last asked without a socket
-- passUntil  the end of the pass that their last call gave them, also after it ended: what was claimed with it can be
--            asked for again
-- picked     1 once they have it
-- entered    1 for who is on the list of entrants
local function parsePlace(record)
  local place, lane, region, edges, away, passUntil, picked, entered =
    string.match(record, '^([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)$')
  return {
    place = place, lane = lane, region = region, edges = edges, away = away,
    passUntil = passUntil, picked = picked, entered = entered,
  }
end

local function formatPlace(at)
  return table.concat({ at.place, at.lane, at.region, at.edges, at.away, at.passUntil, at.picked, at.entered }, '|')
end

-- A time as text: Lua itself prints a number of 15 digits as a power of ten.
local function ms(time) return string.format('%d', time) end
