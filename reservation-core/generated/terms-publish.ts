// Made from lua/terms/publish.lua by `npm run lua-gen`. Do not edit.
import { decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** set the terms of a drop on one shard, never replacing newer terms by older ones. */
export const termsPublishScript = {
  name: 'terms/publish',
  sha: '2cd616b617a710aa7cf17ee5c2c120ae8a2355f5',
  source: `local terms = KEYS[1]
local revision = tonumber(ARGV[1])
local FIRST_ROW, ROW_WIDTH = 2, 2
local known = tonumber(redis.call('HGET', terms, 'revision') or '0')
if known > revision then return { 'OLDER', known } end
if known == revision then return { 'SAME' } end
redis.call('HSET', terms, 'revision', revision)
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local field, value = ARGV[at], ARGV[at + 1]
  redis.call('HSET', terms, field, value)
end
return { 'PUBLISHED' }`,
} as const;

export interface TermsPublishKeys {
  readonly terms: string;
}

export interface TermsPublishArgs {
  readonly revision: number;
}

export interface TermsPublishRow {
  readonly field: string;
  readonly value: string;
}

export type TermsPublishReply =
  | { readonly reply: 'PUBLISHED' }
  | { readonly reply: 'SAME' }
  | { readonly reply: 'OLDER'; readonly revision: number };

const shapes: ReplyShapes<TermsPublishReply> = {
  PUBLISHED: () => ({ reply: 'PUBLISHED' }),
  SAME: () => ({ reply: 'SAME' }),
  OLDER: (read) => ({ reply: 'OLDER', revision: read.int(1) }),
};

export async function termsPublish(
  runner: ScriptRunner,
  keys: TermsPublishKeys,
  args: TermsPublishArgs,
  rows: readonly TermsPublishRow[],
): Promise<TermsPublishReply> {
  const argv: (string | number)[] = [args.revision];
  for (const row of rows) argv.push(row.field, row.value);
  const raw = await runner.run(termsPublishScript, [keys.terms], argv);
  return decodeReply(termsPublishScript.name, raw, shapes);
}
