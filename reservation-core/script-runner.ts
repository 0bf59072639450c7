/** Runs scripts by their hash and reads their named replies. What a script answers is checked once, here. */
import { Command } from 'ioredis';
import type { Redis } from '../platform/connections/redis.ts';

export interface Script {
  readonly name: string;
  readonly sha: string;
  readonly source: string;
}

export interface ScriptRunner {
  run(script: Script, keys: readonly string[], argv: readonly (string | number)[]): Promise<unknown>;
}

/** EVALSHA, and EVAL once where Redis does not know the script: after a restart, a fail-over or SCRIPT FLUSH. */
export function createScriptRunner(redis: Redis): ScriptRunner {
  return {
    async run(script, keys, argv) {
      try {
        return await evalSha(redis, script, keys, argv);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return await redis.eval(script.source, keys.length, ...keys, ...argv);
      }
    },
  };
}

/**
 * What redis.evalsha does, but for flattening its arguments: a batch of claims has 580 of them, and to look into each for a
 * list was 40 of the 55 us that its command cost.
 */
function evalSha(
  redis: Redis,
  { sha }: Script,
  keys: readonly string[],
  argv: readonly (string | number)[],
): Promise<unknown> {
  const command = new Command('evalsha', [], { replyEncoding: 'utf8' });
  const args: string[] = [sha, String(keys.length), ...keys];
  for (const value of argv) args.push(typeof value === 'string' ? value : String(value));
  command.args = args;
  redis.sendCommand(command);
  return command.promise;
}

export interface ReplyReader {
  int(at: number): number;
  string(at: number): string;
  ints(at: number): readonly number[];
  strings(at: number): readonly string[];
}

export type ReplyShapes<R extends { readonly reply: string }> = {
  readonly [K in R['reply']]: (read: ReplyReader) => Extract<R, { readonly reply: K }>;
};

export class ScriptReplyError extends Error {
  constructor(script: string, raw: unknown) {
    super(`lua/${script}.lua answered what its header does not name: ${JSON.stringify(raw)?.slice(0, 200)}`);
    this.name = 'ScriptReplyError';
  }
}

export function decodeReply<R extends { readonly reply: string }>(
  script: string,
  raw: unknown,
  shapes: ReplyShapes<R>,
): R {
  return createDecoder(script, shapes)(raw);
}

/** One reader for all replies of a batch: a claim is one of tens of thousands in a second. */
function createDecoder<R extends { readonly reply: string }>(
  script: string,
  shapes: ReplyShapes<R>,
): (raw: unknown) => R {
  let whole: unknown;
  let values: readonly unknown[] = [];
  const read = <T>(value: unknown, is: (value: unknown) => value is T): T => {
    if (!is(value)) throw new ScriptReplyError(script, whole);
    return value;
  };
  const reader: ReplyReader = {
    int: (at) => read(values[at], isInt),
    string: (at) => read(values[at], isString),
    ints: (at) => read(values[at], isArray).map((value) => read(value, isInt)),
    strings: (at) => read(values[at], isArray).map((value) => read(value, isString)),
  };
  return (raw) => {
    whole = raw;
    values = Array.isArray(raw) ? raw : [];
    const name = values[0];
    if (typeof name !== 'string' || !isReplyName(name, shapes)) throw new ScriptReplyError(script, raw);
    return shapes[name](reader);
  };
}

const isInt = (value: unknown): value is number => typeof value === 'number';
const isString = (value: unknown): value is string => typeof value === 'string';
const isArray = (value: unknown): value is readonly unknown[] => Array.isArray(value);

export function decodeReplies<R extends { readonly reply: string }>(
  script: string,
  raw: unknown,
  shapes: ReplyShapes<R>,
  rows: number,
): R[] {
  const replies: readonly unknown[] = Array.isArray(raw) ? raw : [];
  if (replies.length !== rows) throw new ScriptReplyError(script, raw);
  return replies.map(createDecoder(script, shapes));
}

function isReplyName<R extends { readonly reply: string }>(
  name: string,
  shapes: ReplyShapes<R>,
): name is Extract<R['reply'], string> {
  return Object.hasOwn(shapes, name);
}
