// Made from lua/line/stall.lua by `npm run lua-gen`. Do not edit.
import { decodeReplies, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** these shoppers have a pass and were told that nothing is left where they claim. They keep it, for what may come */
export const lineStallScript = {
  name: 'line/stall',
  sha: '807bcae487645b7b886aa6340f1681ede3c778ed',
  source: `local passes, stalled = KEYS[1], KEYS[2]
local FIRST_ROW, ROW_WIDTH = 1, 1
local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId = ARGV[at]
  if redis.call('ZSCORE', passes, shopperId) then
    redis.call('SADD', stalled, shopperId)
    answers[#answers + 1] = { 'STALLED' }
  else
    answers[#answers + 1] = { 'NO_PASS' }
  end
end
return answers`,
} as const;

export interface LineStallKeys {
  readonly passes: string;
  readonly stalled: string;
}

export interface LineStallRow {
  readonly shopperId: string;
}

export type LineStallReply = { readonly reply: 'STALLED' } | { readonly reply: 'NO_PASS' };

const shapes: ReplyShapes<LineStallReply> = {
  STALLED: () => ({ reply: 'STALLED' }),
  NO_PASS: () => ({ reply: 'NO_PASS' }),
};

export async function lineStall(
  runner: ScriptRunner,
  keys: LineStallKeys,
  rows: readonly LineStallRow[],
): Promise<LineStallReply[]> {
  const argv: (string | number)[] = [];
  for (const row of rows) argv.push(row.shopperId);
  const raw = await runner.run(lineStallScript, [keys.passes, keys.stalled], argv);
  return decodeReplies(lineStallScript.name, raw, shapes, rows.length);
}
