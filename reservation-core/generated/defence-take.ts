// Made from lua/defence/take.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** draw from a bucket that fills up by itself, over all edges. */
export const defenceTakeScript = {
  name: 'defence/take',
  sha: '576225a83dbd6567316cea2ead262ee7e6ce9e04',
  source: `local bucket = KEYS[1]
local nowMs, cost, capacity, refillPerSecond = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local microsPerToken = 1000000 / refillPerSecond
local nowMicros = nowMs * 1000
local fullAtMicros = math.max(tonumber(redis.call('GET', bucket) or '0'), nowMicros)
local used = (fullAtMicros - nowMicros) / microsPerToken
local missing = used + cost - capacity
if missing > 0 then return { 'EMPTY', math.ceil(used), math.ceil(missing * microsPerToken / 1000) } end
fullAtMicros = fullAtMicros + cost * microsPerToken
local untilFullMs = math.max(1, math.ceil((fullAtMicros - nowMicros) / 1000))
redis.call('SET', bucket, string.format('%.0f', fullAtMicros), 'PX', untilFullMs)
return { 'TAKEN', math.ceil(used + cost) }`,
} as const;

export interface DefenceTakeKeys {
  readonly bucket: string;
}

export interface DefenceTakeArgs {
  readonly nowMs: number;
  readonly cost: number;
  readonly capacity: number;
  readonly refillPerSecond: number;
}

export type DefenceTakeReply =
  | { readonly reply: 'TAKEN'; readonly used: number }
  | { readonly reply: 'EMPTY'; readonly used: number; readonly retryAfterMs: number };

const shapes: ReplyShapes<DefenceTakeReply> = {
  TAKEN: (read) => ({ reply: 'TAKEN', used: read.int(1) }),
  EMPTY: (read) => ({ reply: 'EMPTY', used: read.int(1), retryAfterMs: read.int(2) }),
};

export async function defenceTake(
  runner: ScriptRunner,
  keys: DefenceTakeKeys,
  args: DefenceTakeArgs,
): Promise<DefenceTakeReply> {
  const argv: (string | number)[] = [args.nowMs, args.cost, args.capacity, args.refillPerSecond];
  const raw = await runner.run(defenceTakeScript, [keys.bucket], argv);
  return decodeReply(defenceTakeScript.name, raw, shapes);
}
