/** Writes the typed caller of a script. */
import { createHash } from 'node:crypto';
import type { Header, Reply, ReplyField, ReplyType } from './header.ts';

const TYPES = {
  int: 'number',
  string: 'string',
  'int[]': 'readonly number[]',
  'string[]': 'readonly string[]',
} as const satisfies Record<ReplyType, string>;

const READERS = { int: 'int', string: 'string', 'int[]': 'ints', 'string[]': 'strings' } as const;

export interface Script {
  /** Below lua/, without the ending: `stock/claim`. */
  readonly path: string;
  readonly header: Header;
  /** Includes in front, header comments left out: what Redis gets. */
  readonly body: string;
}

export function emit(script: Script): string {
  const { header, path } = script;
  const name = camel(path);
  const type = name[0]?.toUpperCase() + name.slice(1);
  const sha = createHash('sha1').update(script.body).digest('hex');
  const many = header.perRow ? '[]' : '';
  const parameters = [
    'runner: ScriptRunner',
    `keys: ${type}Keys`,
    ...(header.args.length > 0 ? [`args: ${type}Args`] : []),
    ...(header.rows.length > 0 ? [`rows: readonly ${type}Row[]`] : []),
  ];
  return `// Made from lua/${path}.lua by \`npm run lua-gen\`. Do not edit.
import { decodeReplies, decodeReply, type ReplyShapes, type ScriptRunner } from '../script-runner.ts';

/** ${header.purpose} */
export const ${name}Script = {
  name: ${quote(path)},
  sha: ${quote(sha)},
  source: ${template(script.body)},
} as const;

${interfaceOf(
  `${type}Keys`,
  header.keys.map(({ name: key }) => ({ name: key, type: 'string' })),
)}
${header.args.length > 0 ? interfaceOf(`${type}Args`, header.args) : ''}
${header.rows.length > 0 ? interfaceOf(`${type}Row`, header.rows) : ''}
export type ${type}Reply =
${header.replies.map((reply) => `  | ${replyType(reply)}`).join('\n')};

const shapes: ReplyShapes<${type}Reply> = {
${header.replies.map((reply) => `  ${reply.name}: (${reply.fields.length > 0 ? 'read' : ''}) => (${replyValue(reply)}),`).join('\n')}
};

export async function ${name}(${parameters.join(', ')}): Promise<${type}Reply${many}> {
  const argv: (string | number)[] = [${header.args.map((arg) => `args.${arg.name}`).join(', ')}];
${header.rows.length > 0 ? `  for (const row of rows) argv.push(${header.rows.map((row) => `row.${row.name}`).join(', ')});\n` : ''}  const raw = await runner.run(${name}Script, [${header.keys.map((key) => `keys.${key.name}`).join(', ')}], argv);
  return ${header.perRow ? `decodeReplies(${name}Script.name, raw, shapes, rows.length)` : `decodeReply(${name}Script.name, raw, shapes)`};
}
`.replace(header.perRow ? 'decodeReplies, decodeReply, ' : 'decodeReplies, ', header.perRow ? 'decodeReplies, ' : '');
}

function interfaceOf(name: string, fields: readonly ReplyField[]): string {
  return `export interface ${name} {\n${fields.map((f) => `  readonly ${f.name}: ${TYPES[f.type]};`).join('\n')}\n}\n`;
}

function replyType(reply: Reply): string {
  const fields = reply.fields.map((field) => `; readonly ${field.name}: ${TYPES[field.type]}`).join('');
  return `{ readonly reply: '${reply.name}'${fields} }`;
}

function replyValue(reply: Reply): string {
  const fields = reply.fields.map((field, at) => `, ${field.name}: read.${READERS[field.type]}(${at + 1})`).join('');
  return `{ reply: '${reply.name}'${fields} }`;
}

function camel(path: string): string {
  return path.replace(/[/-](\w)/g, (_, letter: string) => letter.toUpperCase());
}

function quote(text: string): string {
  return `'${text}'`;
}

function template(text: string): string {
  return `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\``;
}
