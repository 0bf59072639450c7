-- What a drop is doing at a moment, from its terms. The clock of the caller is an argument, never read here.
local function phaseOf(state, lobbyOpensAt, startsAt, endsAt, nowMs)
  if not state then return 'UNKNOWN' end
  if state == 'ended' or nowMs >= tonumber(endsAt) then return 'ENDED' end
  if state == 'paused' then return 'PAUSED' end
  if nowMs >= tonumber(startsAt) then return 'LIVE' end
  if nowMs >= tonumber(lobbyOpensAt) then return 'LOBBY' end
  return 'BEFORE'
end
