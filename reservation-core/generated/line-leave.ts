// Made from lua/line/leave.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** give up the places of a batch of shoppers, called or not, so that nobody waits behind them. */
export const lineLeaveScript = {
  name: 'line/leave',
  sha: '2b5f649309cc4e89af5c869463a84d3e787e75a2',
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
local function logPasses(passLog, what, atMs, untilMs, shoppers)
  redis.call(
    'XADD', passLog, 'MAXLEN', '~', 100000, '*',
    'what', what, 'at', string.format('%d', atMs), 'until', untilMs, 'shoppers', table.concat(shoppers, ',')
  )
end
local line, places, waiting, passes, stalled, passLog = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local nowMs = tonumber(ARGV[1])
local FIRST_ROW, ROW_WIDTH = 2, 3
nowMs = math.max(nowMs, tonumber(redis.call('HGET', line, 'latestMs') or '0'))
local ended = {}
local function leave(shopperId, why, voidUntilMs)
  local record = redis.call('HGET', places, shopperId)
  local at = record and parsePlace(record)
  if not at or at.place == '0' then return { 'UNKNOWN' } end
  local inHand = at.picked == '1' and redis.call('ZSCORE', passes, shopperId)
  if inHand and tonumber(at.passUntil) > voidUntilMs then return { 'HAS_PASS', at.region, tonumber(at.passUntil) } end
  if redis.call('ZREM', waiting, shopperId) == 1 then redis.call('HINCRBY', line, 'waiting:' .. at.lane, -1) end
  if redis.call('ZREM', passes, shopperId) == 1 then ended[#ended + 1] = shopperId end
  redis.call('SREM', stalled, shopperId)
  redis.call('HINCRBY', line, why, 1)
  at.place = '0'
  redis.call('HSET', places, shopperId, formatPlace(at))
  return { 'LEFT' }
end
local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId, why, voidUntilMs = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  answers[#answers + 1] = leave(shopperId, why, voidUntilMs)
end
if #ended > 0 then logPasses(passLog, 'ended', nowMs, 0, ended) end
return answers`,
} as const;

export interface LineLeaveKeys {
  readonly line: string;
  readonly places: string;
  readonly waiting: string;
  readonly passes: string;
  readonly stalled: string;
  readonly passLog: string;
}

export interface LineLeaveArgs {
  readonly nowMs: number;
}

export interface LineLeaveRow {
  readonly shopperId: string;
  readonly why: string;
  readonly voidUntilMs: number;
}

export type LineLeaveReply =
  | { readonly reply: 'LEFT' }
  | { readonly reply: 'HAS_PASS'; readonly region: string; readonly passUntilMs: number }
  | { readonly reply: 'UNKNOWN' };

const shapes: ReplyShapes<LineLeaveReply> = {
  LEFT: () => ({ reply: 'LEFT' }),
  HAS_PASS: (read) => ({ reply: 'HAS_PASS', region: read.string(1), passUntilMs: read.int(2) }),
  UNKNOWN: () => ({ reply: 'UNKNOWN' }),
};

export async function lineLeave(
  runner: ScriptRunner,
  keys: LineLeaveKeys,
  args: LineLeaveArgs,
  rows: readonly LineLeaveRow[],
): Promise<LineLeaveReply[]> {
  const argv: (string | number)[] = [args.nowMs];
  for (const row of rows) argv.push(row.shopperId, row.why, row.voidUntilMs);
  const raw = await runner.run(
    lineLeaveScript,
    [keys.line, keys.places, keys.waiting, keys.passes, keys.stalled, keys.passLog],
    argv,
  );
  return decodeReplies(lineLeaveScript.name, raw, shapes, rows.length);
}
