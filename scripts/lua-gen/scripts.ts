/** Finds the scripts of lua/, checks them against the house rules and makes what Redis gets of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Script } from './emit.ts';
import { HeaderError, parseHeader } from './header.ts';
import { houseRuleProblems } from './house-rules.ts';

export function loadScripts(directory: string): Script[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.lua') && !file.startsWith('lib/'))
    .toSorted()
    .map((file) => loadScript(directory, file));
}

export function loadScript(directory: string, file: string): Script {
  const source = readFileSync(join(directory, file), 'utf8');
  const header = parseHeader(file, source);
  const parts = header.includes.map((include) => readFileSync(join(directory, `${include}.lua`), 'utf8'));
  // A shared part is held to the rules of each script that includes it: it gets that script's keys as parameters.
  const whole = [...parts, source].join('\n');
  const problems = houseRuleProblems(header, whole);
  if (problems.length > 0) throw new HeaderError(file, problems.join('\n  '));
  return { path: file.replace(/\.lua$/, ''), header, body: withoutComments(whole) };
}

/** Comments are for readers of lua/; Redis keeps and sends back what it is given. */
function withoutComments(source: string): string {
  return source
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--') && line.trim() !== '')
    .join('\n');
}
