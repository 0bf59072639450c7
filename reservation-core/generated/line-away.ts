// Made from lua/line/away.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** an edge has lost the last socket of each of these shoppers. Their places are kept; see admit for how long. */
export const lineAwayScript = {
  name: 'line/away',
  sha: '6e969d954fb493678efffa826212f11a933f1fb8',
  source: `local function parsePlace(record)
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
local function ms(time) return string.format('%d', time) end
local places = KEYS[1]
local nowMs, edge = tonumber(ARGV[1]), ARGV[2]
local FIRST_ROW, ROW_WIDTH = 3, 1
local function away(shopperId)
  local record = redis.call('HGET', places, shopperId)
  if not record then return { 'UNKNOWN' } end
  local at, others = parsePlace(record), {}
  for name in string.gmatch(at.edges, '[^,]+') do
    if name ~= edge then others[#others + 1] = name end
  end
  at.edges = table.concat(others, ',')
  if at.edges == '' then at.away = ms(nowMs) end
  redis.call('HSET', places, shopperId, formatPlace(at))
  return { at.edges == '' and 'AWAY' or 'ELSEWHERE' }
end
local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId = ARGV[at]
  answers[#answers + 1] = away(shopperId)
end
return answers`,
} as const;

export interface LineAwayKeys {
  readonly places: string;
}

export interface LineAwayArgs {
  readonly nowMs: number;
  readonly edge: string;
}

export interface LineAwayRow {
  readonly shopperId: string;
}

export type LineAwayReply =
  | { readonly reply: 'AWAY' }
  | { readonly reply: 'ELSEWHERE' }
  | { readonly reply: 'UNKNOWN' };

const shapes: ReplyShapes<LineAwayReply> = {
  AWAY: () => ({ reply: 'AWAY' }),
  ELSEWHERE: () => ({ reply: 'ELSEWHERE' }),
  UNKNOWN: () => ({ reply: 'UNKNOWN' }),
};

export async function lineAway(
  runner: ScriptRunner,
  keys: LineAwayKeys,
  args: LineAwayArgs,
  rows: readonly LineAwayRow[],
): Promise<LineAwayReply[]> {
  const argv: (string | number)[] = [args.nowMs, args.edge];
  for (const row of rows) argv.push(row.shopperId);
  const raw = await runner.run(lineAwayScript, [keys.places], argv);
  return decodeReplies(lineAwayScript.name, raw, shapes, rows.length);
}
