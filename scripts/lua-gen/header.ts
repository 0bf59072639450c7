/**
 * Reads the header of a Lua script: the one definition of its interface.
 *
 *   -- name: what it does
 *   -- @key     name type     what it holds
 *   -- @arg     name int|string
 *   -- @row     name int|string      repeated for each row of a batch
 *   -- @reply   NAME field:int …     what the whole call answers; a field may also be a list: string[] or int[]
 *   -- @answer  NAME field:int …     what each row is answered
 *   -- @include lib/name
 */
export type ScalarType = 'int' | 'string';

export interface Field {
  readonly name: string;
  readonly type: ScalarType;
}

export type ReplyType = ScalarType | `${ScalarType}[]`;

export interface ReplyField {
  readonly name: string;
  readonly type: ReplyType;
}

export interface Reply {
  readonly name: string;
  readonly fields: readonly ReplyField[];
}

export interface Header {
  readonly verb: string;
  readonly purpose: string;
  readonly keys: readonly { readonly name: string; readonly type: string }[];
  readonly args: readonly Field[];
  readonly rows: readonly Field[];
  readonly replies: readonly Reply[];
  /** Whether the replies are one for each row. */
  readonly perRow: boolean;
  readonly includes: readonly string[];
}

export class HeaderError extends Error {
  constructor(file: string, problem: string) {
    super(`lua/${file}: ${problem}`);
    this.name = 'HeaderError';
  }
}

const KEY_TYPES = ['string', 'hash', 'zset', 'set', 'list', 'stream', 'channel'];
const CAMEL = /^[a-z][A-Za-z0-9]*$/;
const UPPER = /^[A-Z][A-Z_]*$/;

export function parseHeader(file: string, source: string): Header {
  const lines = headerLines(source);
  const [verb, purpose] = titleOf(file, lines[0] ?? '');
  const tagged = (tag: string): string[][] =>
    lines.filter((line) => line.startsWith(`@${tag} `)).map((line) => line.split(/\s+/).slice(1));
  refuseUnknownTags(file, lines);

  const replies = tagged('reply').map((words) => reply(file, words));
  const answers = tagged('answer').map((words) => reply(file, words));
  const rows = tagged('row').map((words) => scalar(file, words));
  if (replies.length > 0 === answers.length > 0) throw new HeaderError(file, 'needs either @reply or @answer lines');
  if (answers.length > 0 && rows.length === 0) throw new HeaderError(file, '@answer is for scripts with @row');

  const header: Header = {
    verb,
    purpose,
    keys: tagged('key').map((words) => key(file, words)),
    args: tagged('arg').map((words) => scalar(file, words)),
    rows,
    replies: answers.length > 0 ? answers : replies,
    perRow: answers.length > 0,
    includes: tagged('include').map((words) => words[0] ?? ''),
  };
  refuseTwins(file, [...header.keys, ...header.args, ...header.rows]);
  refuseTwins(file, header.replies);
  if (header.keys.length === 0) throw new HeaderError(file, 'has no @key: without one a cluster cannot route it');
  return header;
}

function headerLines(source: string): string[] {
  const lines = source.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  return lines.slice(0, end === -1 ? lines.length : end).map((line) => line.slice(2).trim());
}

function titleOf(file: string, line: string): [string, string] {
  const verb = file.replace(/^.*\//, '').replace(/\.lua$/, '');
  if (!line.startsWith(`${verb}: `)) throw new HeaderError(file, `the first line has to be "-- ${verb}: what it does"`);
  return [verb, line.slice(verb.length + 2)];
}

function refuseUnknownTags(file: string, lines: readonly string[]): void {
  for (const line of lines) {
    const tag = /^@(\S+)/.exec(line)?.[1];
    if (tag !== undefined && !['key', 'arg', 'row', 'reply', 'answer', 'include'].includes(tag)) {
      throw new HeaderError(file, `unknown tag @${tag}`);
    }
  }
}

function key(file: string, words: readonly string[]): { name: string; type: string } {
  const [name = '', type = ''] = words;
  if (!CAMEL.test(name)) throw new HeaderError(file, `@key ${name}: names are camelCase`);
  if (!KEY_TYPES.includes(type))
    throw new HeaderError(file, `@key ${name}: "${type}" is none of ${KEY_TYPES.join(', ')}`);
  return { name, type };
}

function scalar(file: string, words: readonly string[]): Field {
  const [name = '', type = ''] = words;
  if (!CAMEL.test(name)) throw new HeaderError(file, `${name}: names are camelCase`);
  if (type !== 'int' && type !== 'string') throw new HeaderError(file, `${name}: "${type}" is neither int nor string`);
  return { name, type };
}

function reply(file: string, words: readonly string[]): Reply {
  const [name = '', ...fields] = words;
  if (!UPPER.test(name)) throw new HeaderError(file, `reply ${name}: names are UPPER_CASE`);
  return { name, fields: fields.map((field) => replyField(file, field)) };
}

function replyField(file: string, text: string): ReplyField {
  const [name = '', type = ''] = text.split(':');
  if (!type.endsWith('[]')) return scalar(file, [name, type]);
  return { name, type: `${scalar(file, [name, type.slice(0, -2)]).type}[]` };
}

function refuseTwins(file: string, named: readonly { readonly name: string }[]): void {
  const names = named.map(({ name }) => name);
  const twin = names.find((name, at) => names.indexOf(name) !== at);
  if (twin !== undefined) throw new HeaderError(file, `${twin} is declared twice`);
}
