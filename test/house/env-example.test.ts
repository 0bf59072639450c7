import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { type Variable, variables } from '../../platform/config/variables.ts';
import { composeOnly, renderEnvExample } from '../../scripts/env-example/render.ts';

const text = await readFile(join(import.meta.dirname, '../../.env.example'), 'utf8');
const all = Object.entries<Variable<unknown>>(variables);

it('is what the variables say: node scripts/env-example/main.ts --write', () => {
  expect(text).toBe(renderEnvExample());
});

it.each(all)('names %s once, with what it is for and what it must be', (name, { fallback, secret }) => {
  const lines = text.split('\n').filter((line) => line.replace(/^# /, '').startsWith(`${name}=`));
  const expected = secret === true || fallback === undefined ? `${name}=` : `# ${name}=${fallback}`;
  expect(lines).toEqual([expected]);
});

it('sets nothing when it is copied as it is', () => {
  const set = Object.entries(parseEnv(text)).filter(([, value]) => value !== '');
  expect(set).toEqual([]);
});

it('names nothing else', () => {
  const named = [...text.matchAll(/^(?:# )?(?<name>[A-Z][A-Z0-9_]*)=/gm)].map((match) => match.groups?.name);
  expect(named.sort()).toEqual([...Object.keys(variables), ...Object.keys(composeOnly)].sort());
});
