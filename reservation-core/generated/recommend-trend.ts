// Made from lua/recommend/trend.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** count what shoppers look at and buy, each moment of less weight the longer it lies back. */
export const recommendTrendScript = {
  name: 'recommend/trend',
  sha: '0aa74cb47c3055519d4babcaf2b6ca1bb9afee28',
  source: `local trending, state = KEYS[1], KEYS[2]
local partition, nowMs, halfLifeMs, most, keptMs = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local FIRST_ROW, ROW_WIDTH = 6, 4
local MOST_HALF_LIVES = 200
local APART_MS = 300000
local landmarkMs = tonumber(redis.call('HGET', state, 'landmarkMs') or tostring(nowMs))
if nowMs - landmarkMs > MOST_HALF_LIVES * halfLifeMs then
  local factor = 2 ^ ((landmarkMs - nowMs) / halfLifeMs)
  local old = redis.call('ZRANGE', trending, 0, -1, 'WITHSCORES')
  for at = 1, #old, 2 do
    redis.call('ZADD', trending, string.format('%.17g', tonumber(old[at + 1]) * factor), old[at])
  end
  landmarkMs = nowMs
end
redis.call('HSET', state, 'landmarkMs', string.format('%.0f', landmarkMs))
local last = tonumber(redis.call('HGET', state, partition) or '-1')
local lastMs = tonumber(redis.call('HGET', state, partition .. '@') or '0')
local counted, newest = 0, last
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local offset, productId, weight, atMs = tonumber(ARGV[at]), ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  if offset <= last and atMs > lastMs + APART_MS then last, newest = -1, -1 end
  if offset > last then
    local halfLives = (math.min(atMs, nowMs) - landmarkMs) / halfLifeMs
    redis.call('ZINCRBY', trending, string.format('%.17g', weight * 2 ^ halfLives), productId)
    counted = counted + 1
    if offset > newest then newest = offset end
  end
end
redis.call('HSET', state, partition, string.format('%.0f', newest))
if counted > 0 then redis.call('HSET', state, partition .. '@', string.format('%.0f', nowMs)) end
redis.call('ZREMRANGEBYRANK', trending, 0, -(most + 1))
redis.call('PEXPIRE', trending, keptMs)
redis.call('PEXPIRE', state, keptMs)
return { 'COUNTED', counted }`,
} as const;

export interface RecommendTrendKeys {
  readonly trending: string;
  readonly state: string;
}

export interface RecommendTrendArgs {
  readonly partition: string;
  readonly nowMs: number;
  readonly halfLifeMs: number;
  readonly most: number;
  readonly keptMs: number;
}

export interface RecommendTrendRow {
  readonly offset: number;
  readonly productId: string;
  readonly weight: number;
  readonly atMs: number;
}

export type RecommendTrendReply = { readonly reply: 'COUNTED'; readonly rows: number };

const shapes: ReplyShapes<RecommendTrendReply> = {
  COUNTED: (read) => ({ reply: 'COUNTED', rows: read.int(1) }),
};

export async function recommendTrend(
  runner: ScriptRunner,
  keys: RecommendTrendKeys,
  args: RecommendTrendArgs,
  rows: readonly RecommendTrendRow[],
): Promise<RecommendTrendReply> {
  const argv: (string | number)[] = [args.partition, args.nowMs, args.halfLifeMs, args.most, args.keptMs];
  for (const row of rows) argv.push(row.offset, row.productId, row.weight, row.atMs);
  const raw = await runner.run(recommendTrendScript, [keys.trending, keys.state], argv);
  return decodeReply(recommendTrendScript.name, raw, shapes);
}
