// Made from lua/line/leave.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** give up the places of a batch of shoppers, called or not, so that nobody waits behind them. */
export const lineLeaveScript = {
  name: 'line/leave',
  sha: '70dcb624921e450e85d77a13b00eda949b57475d',
  source: `local places, waiting, passes = KEYS[1], KEYS[2], KEYS[3]
local FIRST_ROW, ROW_WIDTH = 1, 1
local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId = ARGV[at]
  local place, region = string.match(redis.call('HGET', places, shopperId) or '', '^(%d+)|(.+)$')
  local here = place ~= nil and place ~= '0'
  if here then
    redis.call('HSET', places, shopperId, '0|' .. region)
    redis.call('ZREM', waiting, shopperId)
    redis.call('ZREM', passes, shopperId)
  end
  answers[#answers + 1] = { here and 'LEFT' or 'UNKNOWN' }
end
return answers`,
} as const;

export interface LineLeaveKeys {
  readonly places: string;
  readonly waiting: string;
  readonly passes: string;
}

export interface LineLeaveRow {
  readonly shopperId: string;
}

export type LineLeaveReply = { readonly reply: 'LEFT' } | { readonly reply: 'UNKNOWN' };

const shapes: ReplyShapes<LineLeaveReply> = {
  LEFT: () => ({ reply: 'LEFT' }),
  UNKNOWN: () => ({ reply: 'UNKNOWN' }),
};

export async function lineLeave(
  runner: ScriptRunner,
  keys: LineLeaveKeys,
  rows: readonly LineLeaveRow[],
): Promise<LineLeaveReply[]> {
  const argv: (string | number)[] = [];
  for (const row of rows) argv.push(row.shopperId);
  const raw = await runner.run(lineLeaveScript, [keys.places, keys.waiting, keys.passes], argv);
  return decodeReplies(lineLeaveScript.name, raw, shapes, rows.length);
}
