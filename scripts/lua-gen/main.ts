import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { emit } from './emit.ts';
import { loadScripts } from './scripts.ts';

const HELP = `npm run lua-gen [-- --check]

Makes the typed callers in reservation-core/generated/ from the headers of lua/**/*.lua.
  --check   changes nothing; fails when a caller is missing, stale or left over`;

const root = join(import.meta.dirname, '..', '..');
const target = join(root, 'reservation-core', 'generated');

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const wanted = new Map(
    loadScripts(join(root, 'lua')).map((script) => [`${script.path.replaceAll('/', '-')}.ts`, formatted(emit(script))]),
  );
  mkdirSync(target, { recursive: true });
  const present = new Map(readdirSync(target).map((file) => [file, readFileSync(join(target, file), 'utf8')]));
  const stale = [...wanted].filter(([file, text]) => present.get(file) !== text).map(([file]) => file);
  const leftOver = [...present.keys()].filter((file) => !wanted.has(file));

  if (values.check === true) {
    for (const file of [...stale, ...leftOver]) console.error(`stale: reservation-core/generated/${file}`);
    if (stale.length + leftOver.length > 0) console.error('Run `npm run lua-gen`.');
    return stale.length + leftOver.length > 0 ? 1 : 0;
  }
  for (const file of stale) writeFileSync(join(target, file), wanted.get(file) ?? '');
  for (const file of leftOver) rmSync(join(target, file));
  console.log(`${wanted.size} scripts, ${stale.length} callers written, ${leftOver.length} removed`);
  return 0;
}

/** Through the project's own formatter, so that a generated file reads like any other. */
function formatted(text: string): string {
  const biome = join(root, 'node_modules', '.bin', 'biome');
  return execFileSync(biome, ['format', '--stdin-file-path=caller.ts'], { cwd: root, input: text, encoding: 'utf8' });
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
