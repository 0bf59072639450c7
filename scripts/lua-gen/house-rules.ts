/**
 * What a script may not do, checked in its text: touch a key that is not declared, build one, read a clock,
 * be random, or bind its arguments otherwise than its header says.
 */
import type { Header } from './header.ts';

const FORBIDDEN: readonly [RegExp, string][] = [
  [/\bredis\.call\(\s*'TIME'/i, 'reads the clock: times are arguments'],
  [/\bos\.|\bmath\.random/, 'reads a clock or is random: both are arguments'],
  [/\bredis\.call\(\s*'(RANDOMKEY|SRANDMEMBER|HRANDFIELD|ZRANDMEMBER|SPOP)'/i, 'is random'],
  [/\bredis\.call\(\s*'(KEYS|SCAN|EVAL|EVALSHA|FCALL)'/i, 'reaches beyond its keys'],
  [/\bredis\.pcall\b/, 'swallows errors'],
];

export function houseRuleProblems(header: Header, source: string): string[] {
  const code = source
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join('\n');
  const problems: string[] = [];
  for (const [pattern, problem] of FORBIDDEN) {
    const found = pattern.exec(code);
    if (found !== null) problems.push(`"${found[0]}" ${problem}`);
  }
  problems.push(...keyProblems(header, code), ...bindingProblems(header, code));
  return problems;
}

/** A command's key is one of the names bound to KEYS, or the parameter `hash` of a local reader called with one. */
function keyProblems(header: Header, code: string): string[] {
  const known = new Set([...header.keys.map(({ name }) => name), 'hash']);
  const calls = code.matchAll(/redis\.call\(\s*'(?<command>[A-Z]+)'\s*,\s*(?<key>[^,)]+)/g);
  return [...calls].flatMap(({ groups }) => {
    const key = groups?.key?.trim() ?? '';
    return known.has(key) ? [] : [`${groups?.command} takes the key "${key}", which is not declared`];
  });
}

function bindingProblems(header: Header, code: string): string[] {
  const flat = code.replace(/\s+/g, ' ');
  const problems: string[] = [];
  const names = header.keys.map(({ name }) => name).join(', ');
  const indexes = header.keys.map((_, at) => `KEYS[${at + 1}]`).join(', ');
  if (!flat.includes(`local ${names} = ${indexes}`)) problems.push(`has to bind "local ${names} = ${indexes}"`);

  if (header.args.length > 0) {
    const left = header.args.map(({ name }) => name).join(', ');
    const right = header.args.map(({ type }, at) => bound(type, `ARGV[${at + 1}]`)).join(', ');
    if (!flat.includes(`local ${left} = ${right}`)) problems.push(`has to bind "local ${left} = ${right}"`);
  }
  if (header.rows.length > 0) problems.push(...rowProblems(header, flat));
  return problems;
}

function rowProblems(header: Header, flat: string): string[] {
  const problems: string[] = [];
  const start = `local FIRST_ROW, ROW_WIDTH = ${header.args.length + 1}, ${header.rows.length}`;
  if (!flat.includes(start)) problems.push(`has to bind "${start}"`);
  header.rows.forEach(({ name }, at) => {
    const source = at === 0 ? 'ARGV[at]' : `ARGV[at + ${at}]`;
    const lists = [...flat.matchAll(/local (?<names>[\w, ]+) = (?<values>(?:tonumber\()?ARGV\[at[^=]*?\]\)?(?: |$))/g)];
    const binds = lists.some(({ groups }) => {
      const position = (groups?.names ?? '').split(', ').indexOf(name);
      const value = (groups?.values ?? '').split(', ')[position]?.trim();
      return position !== -1 && (value === source || value === `tonumber(${source})`);
    });
    if (!binds) problems.push(`has to bind "${name}" to ${source}`);
  });
  return problems;
}

function bound(type: string, index: string): string {
  return type === 'int' ? `tonumber(${index})` : index;
}
