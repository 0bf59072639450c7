// Made from lua/line/admit.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** call the next places of the line, within the caps. */
export const lineAdmitScript = {
  name: 'line/admit',
  sha: '9a253a009a809a01a7d599a085d80ecea00eaafb',
  source: `local function phaseOf(state, lobbyOpensAt, startsAt, endsAt, nowMs)
  if not state then return 'UNKNOWN' end
  if state == 'ended' or nowMs >= tonumber(endsAt) then return 'ENDED' end
  if state == 'paused' then return 'PAUSED' end
  if nowMs >= tonumber(startsAt) then return 'LIVE' end
  if nowMs >= tonumber(lobbyOpensAt) then return 'LOBBY' end
  return 'BEFORE'
end
local terms, line, waiting, passes, issued = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local nowMs, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local known = redis.call('HMGET', line, 'head', 'latestMs')
local head, latestMs = tonumber(known[1] or '0'), tonumber(known[2] or '0')
nowMs = math.max(nowMs, latestMs)
local function still() return { 'STILL', head, redis.call('ZCARD', waiting) } end
local term = redis.call(
  'HMGET', terms, 'state', 'lobbyOpensAt', 'startsAt', 'endsAt', 'perSecond', 'maxActive', 'passMs'
)
if phaseOf(term[1], term[2], term[3], term[4], nowMs) ~= 'LIVE' then return still() end
local perSecond, maxActive, passMs = tonumber(term[5]), tonumber(term[6]), tonumber(term[7])
redis.call('HSET', line, 'latestMs', nowMs)
redis.call('ZREMRANGEBYSCORE', passes, '-inf', nowMs)
redis.call('ZREMRANGEBYSCORE', issued, '-inf', nowMs - 1000)
local free = math.min(most, perSecond - redis.call('ZCARD', issued), maxActive - redis.call('ZCARD', passes))
if free <= 0 then return still() end
local called = redis.call('ZPOPMIN', waiting, free)
if #called == 0 then return still() end
local passUntilMs = nowMs + passMs
local newPasses, newIssued = {}, {}
for i = 1, #called, 2 do
  local shopperId, place = called[i], called[i + 1]
  newPasses[#newPasses + 1], newPasses[#newPasses + 2] = passUntilMs, shopperId
  newIssued[#newIssued + 1], newIssued[#newIssued + 2] = nowMs, place
  head = tonumber(place)
end
redis.call('ZADD', passes, unpack(newPasses))
redis.call('ZADD', issued, unpack(newIssued))
redis.call('HSET', line, 'head', head)
return { 'MOVED', #called / 2, head, redis.call('ZCARD', waiting) }`,
} as const;

export interface LineAdmitKeys {
  readonly terms: string;
  readonly line: string;
  readonly waiting: string;
  readonly passes: string;
  readonly issued: string;
}

export interface LineAdmitArgs {
  readonly nowMs: number;
  readonly most: number;
}

export type LineAdmitReply =
  | { readonly reply: 'MOVED'; readonly admitted: number; readonly head: number; readonly waiting: number }
  | { readonly reply: 'STILL'; readonly head: number; readonly waiting: number };

const shapes: ReplyShapes<LineAdmitReply> = {
  MOVED: (read) => ({ reply: 'MOVED', admitted: read.int(1), head: read.int(2), waiting: read.int(3) }),
  STILL: (read) => ({ reply: 'STILL', head: read.int(1), waiting: read.int(2) }),
};

export async function lineAdmit(
  runner: ScriptRunner,
  keys: LineAdmitKeys,
  args: LineAdmitArgs,
): Promise<LineAdmitReply> {
  const argv: (string | number)[] = [args.nowMs, args.most];
  const raw = await runner.run(lineAdmitScript, [keys.terms, keys.line, keys.waiting, keys.passes, keys.issued], argv);
  return decodeReply(lineAdmitScript.name, raw, shapes);
}
